"""How well gaps are filled on unheard speakers, what training added, and what staff should see.

A network that is trained with nothing hidden reads digits as well as one that fills gaps, so the
first tier is taken here: the grader hides spans of clips that the network never heard, in inputs
from which the hidden frames are gone, and compares what is predicted with the clusters of what was
there. The clusters are the run's own; labels are made of them on this side of the wall.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from statistics import fmean
from types import ModuleType
from typing import Any

import torch
from torch import Generator, Tensor

FRACTION, SPAN = 0.5, 5
"""What is hidden of each clip: as in training."""

BETTER = 0.03
"""By so much a run must surpass every run on record to be looked at."""


def _training() -> ModuleType:
    """``public/training.py``, for what a token is."""
    file = Path(__file__).with_name("public") / "training.py"
    spec = importlib.util.spec_from_file_location("masked_training", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tokens = _training()


def unheard(exam: Any) -> Tensor:
    """Places in the corpus of the clips that are asked about, in an order that tells nothing."""
    order: Tensor = exam.order[~exam.is_train[exam.order]]
    return order


def spans(speech: Tensor, generator: Generator) -> Tensor:
    """Spans laid one by one until half of each clip's speech is hidden, bool [clips, tokens]."""
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist(), strict=True):
        if length < SPAN:
            clip[:length] = True
            continue
        places = torch.randperm(length - SPAN + 1, generator=generator).tolist()
        while int(clip.sum()) < FRACTION * length:
            start = places.pop()
            clip[start : start + SPAN] = True
    return mask


def hidden(exam: Any) -> Tensor:
    """What is hidden of the clips that are asked about, bool [clips, tokens]; always the same."""
    clips = unheard(exam)
    seed = int(clips[: len(clips) // 2].sum())  # as secret as the order
    return spans(tokens.is_speech(exam.mels[clips]), Generator().manual_seed(seed))


def questions(exam: Any) -> dict[str, Tensor]:
    """Clips of unheard speakers with zeros where tokens are hidden, and which these are."""
    mask = hidden(exam)
    frames = mask.repeat_interleave(tokens.FRAMES_PER_TOKEN, dim=1)[:, None]
    return {"mels": exam.mels[unheard(exam)].masked_fill(frames, 0.0), "mask": mask}


def codes(run: Any, exam: Any) -> Tensor:
    """The cluster of every token of the clips that are asked about, long [clips, tokens].

    Raises:
        ValueError: the answers hold no centroids.
    """
    centroids = run.answers["centroids"].double()
    given = tokens.cepstra(exam.mels[unheard(exam)].double())
    if centroids.ndim != 2 or centroids.shape[1] != given.shape[2]:
        raise ValueError(f"centroids of shape {tuple(centroids.shape)}")
    if not centroids.isfinite().all():
        raise ValueError("centroids that are not finite")
    return torch.cdist(given, centroids[None]).argmin(2)


def gaps_filled(run: Any, exam: Any) -> float:
    """Share of hidden tokens whose cluster is predicted; 0 where few clusters are in use."""
    right, mask, predicted = codes(run, exam), hidden(exam), run.answers["predicted"]
    if predicted.shape != right.shape:
        raise ValueError(f"predictions of shape {tuple(predicted.shape)}")
    if perplexity(right[mask]) < len(run.answers["centroids"]) / 2:
        return 0.0
    return float((predicted == right)[mask].double().mean())


def perplexity(labels: Tensor) -> float:
    """The exponential of the entropy of ``labels`` [n]: as many as if equally likely."""
    share = torch.bincount(labels).double() / len(labels)
    return float(torch.special.entr(share).sum().exp())


def nearest_visible(run: Any, exam: Any) -> float:
    """Share of hidden tokens that the nearest visible token of the clip has the cluster of.

    Where two are as near, either counts half; clips that are hidden whole are left out.
    """
    right, mask = codes(run, exam), hidden(exam)
    visible = tokens.is_speech(exam.mels[unheard(exam)]) & ~mask
    token = torch.arange(mask.shape[1])
    distance = (token[:, None] - token).abs().double()
    distance = distance.masked_fill(~visible[:, None], torch.inf)
    nearest = (distance == distance.amin(2, keepdim=True)) & visible[:, None]
    same = (right[:, :, None] == right[:, None]) & nearest
    guessed = same.sum(2) / nearest.sum(2).clamp(min=1)
    asked = mask & visible.any(1, keepdim=True)
    return float(guessed[asked].double().mean())


def gain(run: Any, exam: Any) -> float:
    """What training added to the probe with few labels, -1 to 1.

    Counted from the network's own beginning, or from what untrained ones reach on average if that
    is higher: code can know that it was never trained, and pretend to be worse.
    """
    begun = run.measures["untrained"]
    if exam.calibration:
        begun = max(begun, fmean(exam.calibration.variants["untrained"].of("probe")))
    return run.measures["probe"] - begun


def flags(run: Any, calibration: Any) -> list[str]:
    """Sentences about a run that does not look like learning."""
    found = []
    named = {"gaps": "fills gaps", "probe": "reads digits"}
    for measure, what in named.items():
        value = run.measures[measure]
        if value > calibration.highest(measure) + BETTER:
            found.append(f"it {what} better than any run on record ({value:.3f})")
    untrained = run.measures["untrained"]
    if untrained > calibration.highest("probe", "untrained") + BETTER:
        found.append(f"untrained it is better than any network on record ({untrained:.3f})")
    return found
