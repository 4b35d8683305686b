"""The training run of this seminar: a network learns spoken digits by filling gaps in them.

HuBERT (Hsu et al. 2021, arXiv:2106.07447) made small. The notebook and the grader both run this
file, and what you wrote is called from here:

1. ``build``: your network, a mask vector and a linear layer on top, all untrained;
2. ``train``: clusters give every token a label, then the labels of hidden tokens are predicted;
3. ``answer``: the labels of hidden tokens in clips of speakers that were never heard;
4. ``embed``: what each layer holds of a clip, for the probe.

A token is two frames of a log-mel, 32 ms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from autograder.lab.testing.seeding import seed_everything
from spoken_digits.features import FLOOR, MEAN, STD

BANDS, FRAMES_PER_TOKEN = 40, 2

CEPSTRA = 13
"""Coefficients of the cosine transform of a frame that clusters look at: the rough shape of its
spectrum, which tells a vowel, and not the fine one, which tells the pitch."""

_SILENCE = (math.log(FLOOR) - MEAN) / STD
"""What a log-mel holds after the end of speech."""

_TEMPI = (1.0, 0.8, 1.25)
"""How a clip is heard when it is embedded, relative to its own tempo."""

_CHUNK = 250

_MOST_LAYERS = 32
"""Of a deeper network the last so many are embedded."""


class Model(nn.Module):
    """What is trained, and the student's functions that train it."""

    def __init__(self, student: Any, clusters: int, seed: int) -> None:
        super().__init__()
        self.context = student.Context()
        self.vector = nn.Parameter(0.1 * torch.randn(BANDS))
        """Stands where frames are hidden."""
        self.labels = nn.Linear(self.context.dim, clusters)
        """From the last layer to the logits of the clusters."""
        self.register_buffer("centroids", torch.zeros(clusters, CEPSTRA * FRAMES_PER_TOKEN))
        self.student, self.seed = student, seed

    def forward(self, mel: Tensor, mask: Tensor) -> Tensor:
        """Logits [batch, tokens, clusters] from log-mels whose masked tokens are hidden."""
        hidden = self.student.mask_input(mel, mask, self.vector)
        logits: Tensor = self.labels(self.context(hidden)[-1])
        return logits

    @property
    def device(self) -> torch.device:
        return self.vector.device


def build(student: Any, recipe: Mapping[str, Any], seed: int, device: str) -> Model:
    """An untrained network with its mask vector and its linear layer."""
    return Model(student, recipe["clusters"], seed).to(device)


def train(
    model: Model,
    clips: Mapping[str, Tensor],
    recipe: Mapping[str, Any],
    progress: Callable[[int], Iterable[int]],
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Cluster the tokens of ``train_mels`` [clips, 40, frames], then predict hidden ones.

    Returns:
        Curves, a value per step: ``loss``, and ``found``, the share of masked tokens whose
        label is predicted. Signals: ``found`` over the last 20 steps, ``masked``, the share of
        speech that is hidden, and ``perplexity``, how many clusters are in use.
    """
    student, mels = model.student, clips["train_mels"]
    seed_everything(model.seed)
    generator = Generator().manual_seed(model.seed)
    model.centroids = find_clusters(student, mels, recipe, generator).to(model.device)
    optimizer = torch.optim.AdamW(
        model.parameters(), recipe["max_lr"], weight_decay=recipe["weight_decay"]
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe["max_lr"], recipe["steps"])
    curves: dict[str, list[float]] = {"loss": [], "found": []}
    masked, used = [], torch.zeros(recipe["clusters"])
    model.train()
    for _ in progress(recipe["steps"]):
        chosen = torch.randint(len(mels), (recipe["clips"],), generator=generator)
        mel = at_random_tempo(mels[chosen], generator)
        speech = is_speech(mel)
        with torch.no_grad():
            mask = student.span_mask(
                speech, recipe["fraction"], recipe["span"], generator=generator
            )
            # Another voice for the network; labels come from the clip as it is.
            heard = student.make_input(mel.clone(), generator)
            labels = codes(student, mel.to(model.device), model.centroids)
        mask, speech = mask.to(model.device), speech.to(model.device)
        logits = model(heard.to(model.device), mask)
        loss = student.hubert_loss(logits, labels, mask, speech, alpha=recipe["alpha"])
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
        hit = (logits.detach().argmax(2) == labels)[mask]
        curves["loss"].append(float(loss.detach()))
        curves["found"].append(float(hit.double().mean()))
        masked.append(float(mask.sum() / speech.sum().clamp(min=1)))
        used += torch.bincount(labels[speech].cpu(), minlength=len(used))
    model.eval()
    last = curves["found"][-20:]
    share = used[used > 0] / used.sum()
    signals = {
        "found": sum(last) / max(len(last), 1),
        "masked": sum(masked) / max(len(masked), 1),
        "perplexity": float((-share * share.log()).sum().exp()),
    }
    return curves, signals


@torch.no_grad()
def answer(model: Model, questions: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Predict hidden tokens of clips that were never heard.

    Args:
        questions: ``mels`` [clips, 40, frames], zero where something is hidden, and ``mask``,
            bool [clips, tokens], which tokens that are.

    Returns:
        ``centroids`` [clusters, numbers], and ``predicted`` [clips, tokens], the cluster that
        each token is taken for.
    """
    centroids = model.centroids.detach().clone()
    model.eval()
    parts = [
        model(mel.to(model.device), mask.to(model.device)).argmax(2).cpu()
        for mel, mask in zip(
            questions["mels"].split(_CHUNK), questions["mask"].split(_CHUNK), strict=True
        )
    ]
    return {"centroids": centroids.cpu(), "predicted": torch.cat(parts)}


@torch.no_grad()
def embed(model: Model, clips: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Each layer's mean and maximum over tokens, heard at three tempi: [clips, 2 * dim] each.

    Layers are called ``layer_1``, ``layer_2`` and so on; the probe gets all side by side.
    """
    model.eval()

    def pooled(mel: Tensor) -> list[Tensor]:
        layers = model.context(mel.to(model.device))[-_MOST_LAYERS:]
        return [torch.cat([x.mean(1), x.amax(1)], dim=1).float().cpu() for x in layers]

    heard = []
    for tempo in _TEMPI:
        chunks = [pooled(at_tempo(mel, tempo)) for mel in clips["mels"].split(_CHUNK)]
        heard.append([torch.cat(layer) for layer in zip(*chunks, strict=True)])
    averaged = [torch.stack(layer).mean(0) for layer in zip(*heard, strict=True)]
    return {f"layer_{i}": layer for i, layer in enumerate(averaged, start=1)}


def levels(recipe: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
    """A level of each curve to compare with, and what it means."""
    clusters = recipe["clusters"]
    chance = math.log(clusters)
    return {"loss": (chance, f"all clusters equally likely: ln {clusters} = {chance:.2f}")}


def is_speech(mel: Tensor) -> Tensor:
    """Which tokens are speech: all up to the last that is no silence, bool [batch, tokens]."""
    loud = (mel > _SILENCE + 0.05).any(1).unflatten(1, (-1, FRAMES_PER_TOKEN)).any(2)
    return loud.flip(1).cummax(1).values.flip(1)


def cepstra(mel: Tensor) -> Tensor:
    """What clusters are made of, [batch, tokens, 26]: 13 cepstra of both frames of each token.

    The mean of the clip's speech is taken away, and with it much of voice and microphone.
    """
    order, band = torch.arange(CEPSTRA), torch.arange(BANDS)
    cosines = torch.cos(math.pi * order[:, None] * (band + 0.5) / BANDS)
    cosines[1:] *= 2**0.5  # orthonormal, but for the scale
    frames = (cosines.to(mel) @ mel / BANDS**0.5).transpose(1, 2)
    tokens = frames.unflatten(1, (-1, FRAMES_PER_TOKEN)).flatten(2)
    speech = is_speech(mel)[:, :, None].to(mel.dtype)
    mean = (tokens * speech).sum(1, True) / speech.sum(1, True).clamp(min=1)
    return tokens - mean


def find_clusters(
    student: Any, mels: Tensor, recipe: Mapping[str, Any], generator: Generator
) -> Tensor:
    """Centroids [clusters, 26] of tokens of speech, drawn from all clips."""
    tokens = cepstra(mels)[is_speech(mels)]
    drawn = torch.randperm(len(tokens), generator=generator)[: recipe["cluster_tokens"]]
    with torch.no_grad():
        centroids: Tensor = student.kmeans(
            tokens[drawn], recipe["clusters"], recipe["cluster_steps"], generator
        )
    return centroids


def codes(student: Any, mel: Tensor, centroids: Tensor) -> Tensor:
    """The cluster of every token, long [batch, tokens]."""
    tokens = cepstra(mel)
    nearest: Tensor = student.nearest(tokens.flatten(0, 1), centroids)
    return nearest.view(tokens.shape[:2])


def at_tempo(mels: Tensor, tempo: float | Tensor) -> Tensor:
    """``mels`` [clips, bands, frames] played ``tempo`` times as fast, a number or one per clip.

    Frame ``t`` is what was at ``tempo * t``, between frames linear. What lies beyond the last
    frame is silence; what does not fit any more is lost.
    """
    if isinstance(tempo, float) and tempo == 1:
        return mels
    clips, bands, frames = mels.shape
    padded = F.pad(mels, (0, 1), value=_SILENCE)
    place = torch.as_tensor(tempo).reshape(-1, 1) * torch.arange(frames)
    place = place.clamp(max=frames).expand(clips, -1).to(mels)
    left = place.long()
    index = left[:, None].expand(-1, bands, -1)
    after = (index + 1).clamp(max=frames)
    weight = (place - left)[:, None]
    return torch.lerp(padded.gather(2, index), padded.gather(2, after), weight)


def at_random_tempo(mels: Tensor, generator: Generator) -> Tensor:
    """Each clip up to a third faster or a quarter slower."""
    return at_tempo(mels, (0.56 * torch.rand(len(mels), generator=generator) - 0.28).exp())
