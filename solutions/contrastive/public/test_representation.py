"""Public checks of the part ``representation``."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from autograder.lab.student import Student
from autograder.lab.suite import demand


def clips() -> tuple[Tensor, Tensor]:
    """Chirps [4, 6016] and smooth patterns in the shape of their spectrograms [4, 40, 48]."""
    time = torch.linspace(0, 0.75, 6016)
    pitch = torch.tensor([110.0, 150.0, 200.0, 240.0])[:, None]
    wave = 0.1 * torch.sin(2 * math.pi * pitch * time * (1 + time))
    bands, frames = torch.linspace(0, 6, 40)[:, None], torch.linspace(0, 4, 48)
    return wave, torch.sin(bands + frames + pitch[:, :, None] / 50)


def test_views_are_clips(student: Student) -> None:
    """Views are finite and have the shape and dtype of their clips."""
    generator = Generator().manual_seed(0)
    wave, mel = clips()
    for name, given in (("augment_wave", wave), ("augment_mel", mel)):
        view = student.call(name, given.clone(), generator)
        demand(
            isinstance(view, Tensor) and view.shape == given.shape and view.dtype == given.dtype,
            f"{name} should return one view: a tensor of the same shape and dtype as its input.",
        )
        demand(bool(view.isfinite().all()), f"{name} returns values that are not finite.")
        demand("0" not in student.mutated, f"{name} changes its input in place.")


def test_two_views_differ(student: Student) -> None:
    """The two views of a clip are not the same."""
    generator = Generator().manual_seed(0)
    wave, mel = clips()
    for _ in range(40):
        waves = [student.augment_wave(wave.clone(), generator) for _ in range(2)]
        mels = [student.augment_mel(mel.clone(), generator) for _ in range(2)]
        if not (torch.equal(*waves) and torch.equal(*mels)):
            return
    demand(
        False,
        "Both functions return the same view every time. What in them is random, and is the "
        "generator ever seeded anew?",
    )
