"""What an objective is asked about views of unheard speakers, and how its answers are read.

Accuracy cannot tell a collapsed network, since random convolutions are good features. Two
figures can, both taken here of the worker's answers: whether the loss knows which views belong
together, and whether what it compares still differs from clip to clip.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

BATCHES, PAIRS = 32, 16
"""So many batches of so many true pairs are asked about, and as many of shuffled ones."""

BETTER = 0.03
"""By so much a run must surpass every run on record to be looked at."""

_SEED = 2021
_TRAINING = Path(__file__).with_name("public") / "training.py"


def questions(exam: Any) -> dict[str, Tensor]:
    """Views of unheard speakers in pairs, half of the batches shuffled, in an order of ours.

    Returns:
        ``left`` and ``right`` [2 * BATCHES, PAIRS, 40, frames].
    """
    two_views = runpy.run_path(str(_TRAINING))["two_views"]
    generator = Generator().manual_seed(_SEED)
    unheard = torch.nonzero(~exam.is_train).flatten()
    batches = []
    for _ in range(BATCHES):
        chosen = unheard[torch.randperm(len(unheard), generator=generator)[:PAIRS]]
        batches.append(two_views(exam.mels[chosen], generator))
    left, right = (torch.stack(views) for views in zip(*batches, strict=True))
    order = _order()
    return {
        "left": torch.cat([left, left])[order],
        "right": torch.cat([right, right.roll(1, 1)])[order],
    }


def pairs(run: Any, exam: Any) -> float:
    """Correlation, -1 to 1, of a batch's loss with whether its pairs were shuffled.

    It does not change if the loss is scaled or a constant is added, as relative differences do.
    On FSDD after 120 steps (seed 0): .91 and more for fourteen correct objectives, .50 and less
    for collapsed ones and those that compare the wrong views or none.
    """
    loss = run.answers["loss"].double().flatten()
    true, shuffled = _sorted(loss).split(BATCHES)
    within = ((true.var() + shuffled.var()) / 2).sqrt() + 1e-6 * true.abs().mean()
    effect = (shuffled.mean() - true.mean()) / within.clamp_min(1e-12)
    return float(effect / (effect.square() + 4).sqrt())


def spread(run: Any, exam: Any) -> float:
    """Deviation of the directions of what ``project`` gives: 0 collapsed, 1 spread evenly.

    On FSDD after 120 steps (seed 0): .68 and more for fourteen correct objectives, .18 and less
    for collapsed ones.
    """
    z = F.normalize(run.answers["projection"].double(), dim=1)
    return float(z.std(0).mean() * z.shape[1] ** 0.5)


def gain(run: Any, exam: Any) -> float:
    """What training added to the probe with few labels, -1 to 1.

    Counted from the encoder's own beginning or from what untrained encoders reach on average,
    whichever is higher: a random network can be unlucky.
    """
    begun = run.measures["few_untrained"]
    if exam.calibration:
        begun = max(begun, fmean(exam.calibration.variants["untrained"].of("few")))
    return run.measures["few"] - begun


def flags(run: Any, calibration: Any) -> list[str]:
    """Sentences about a run that does not look like learning."""
    found = []
    few, untrained = run.measures["few"], run.measures["few_untrained"]
    if few > calibration.highest("few") + BETTER:
        found.append(f"it is better than any run on record ({few:.3f})")
    if untrained > calibration.highest("few", "untrained") + BETTER:
        found.append(f"untrained it is better than any encoder on record ({untrained:.3f})")
    return found


def _order() -> Tensor:
    """Place of each question among the true batches, which come first, and the shuffled."""
    return torch.randperm(2 * BATCHES, generator=Generator().manual_seed(_SEED + 1))


def _sorted(answers: Tensor) -> Tensor:
    """Answers in the order of the true batches, then the shuffled."""
    result = torch.empty_like(answers)
    result[_order()] = answers
    return result
