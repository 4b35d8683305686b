"""Public checks of the part ``representation``."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand


def clips() -> tuple[Tensor, Tensor]:
    """Chirps [4, 6016] and smooth patterns in the shape of their spectrograms [4, 40, 48]."""
    time = torch.linspace(0, 0.75, 6016)
    pitch = torch.tensor([110.0, 150.0, 200.0, 240.0])[:, None]
    wave = 0.1 * torch.sin(2 * math.pi * pitch * time * (1 + time))
    bands, frames = torch.linspace(0, 6, 40)[:, None], torch.linspace(0, 4, 48)
    return wave, torch.sin(bands + frames + pitch[:, :, None] / 50)


def view(student: Student, name: str, given: Tensor, generator: Generator) -> Tensor:
    """A view of ``given``, which has to look like a clip."""
    result = student.call(name, given.clone(), generator)
    demand(
        isinstance(result, Tensor) and result.shape == given.shape and result.dtype == given.dtype,
        f"{name} should return one view: a tensor of the same shape and dtype as its input.",
    )
    assert isinstance(result, Tensor)
    return result.detach().clone()


def test_views_are_clips(student: Student) -> None:
    """Views are finite, have the shape and dtype of their clips, and leave these alone."""
    generator = Generator().manual_seed(0)
    for name, given in zip(("augment_wave", "augment_mel"), clips(), strict=True):
        result = view(student, name, given, generator)
        demand("0" not in student.mutated, f"{name} changes its input in place.")
        demand(bool(result.isfinite().all()), f"{name} returns values that are not finite.")


def test_two_views_differ(student: Student) -> None:
    """The two views of a clip are not the same."""
    generator = Generator().manual_seed(0)
    for _ in range(40):
        for name, given in zip(("augment_wave", "augment_mel"), clips(), strict=True):
            first, second = (view(student, name, given, generator) for _ in range(2))
            if not torch.equal(first, second):
                return
    demand(
        False,
        "Both functions return the same view every time. What in them is random, and is the "
        "generator ever seeded anew?",
    )
