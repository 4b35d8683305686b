"""Public checks of the part ``pretraining``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand

TIME = torch.arange(48.0)
SWEEPS = torch.stack(
    [
        2 * torch.exp(-(((torch.arange(40.0)[:, None] - 8 - TIME * slope) / 4) ** 2))
        + torch.sin(TIME * beat)
        for slope, beat in ((0.3, 0.4), (0.5, 0.7), (0.1, 0.55))
    ]
)
"""Three clips in which a sound rises while the whole grows louder and softer."""


def heard(student: Student, mels: Tensor) -> Tensor:
    result = student.make_input(mels.clone(), torch.Generator().manual_seed(0))
    like = isinstance(result, Tensor) and result.shape == mels.shape
    demand(like and result.dtype == mels.dtype, "Return log-mels of the same shape and dtype.")
    demand(bool(result.isfinite().all()), "Some values are not finite.")
    return result


def test_shape(student: Student) -> None:
    """Batches of several sizes keep their shape and dtype."""
    for clips in (SWEEPS, SWEEPS[:1], SWEEPS.repeat(5, 1, 1)):
        heard(student, clips)


def test_clips_are_left_alone(student: Student) -> None:
    """The clips passed in keep their values."""
    student.make_input(SWEEPS.clone(), torch.Generator().manual_seed(1))
    demand(not student.mutated, "Your function writes into the clips that it was given.")


def test_time(student: Student) -> None:
    """A clip is louder and softer at the same moments as before."""
    before, after = (x.mean(1) - x.mean((1, 2))[:, None] for x in (SWEEPS, heard(student, SWEEPS)))
    cosine = (before * after).sum(1) / (before.norm(dim=1) * after.norm(dim=1)).clamp_min(1e-9)
    demand(
        bool(cosine.mean() > 0.5),
        "Time does not stay, or the clip cannot be recognised. What happens along the last axis?",
    )
