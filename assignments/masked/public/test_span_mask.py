"""Public checks of the part ``span_mask``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand

LENGTHS = torch.arange(24, 5, -1)
SPEECH = torch.arange(24) < LENGTHS[:, None]
"""Clips of 24, 23, ... 6 tokens of speech."""


def laid(student: Student, seed: int = 0) -> Tensor:
    """Spans of 5 over half of each clip."""
    generator = torch.Generator().manual_seed(seed)
    mask = student.span_mask(SPEECH.clone(), generator=generator)
    is_mask = isinstance(mask, Tensor) and mask.dtype == torch.bool and mask.shape == SPEECH.shape
    demand(is_mask, "Return a mask, bool [batch, tokens].")
    return mask


def test_speech(student: Student) -> None:
    """Only speech is masked, at least half of it, and not a span more."""
    mask = laid(student)
    demand(not (mask & ~SPEECH).any(), "Something is masked that is no speech.")
    masked = mask.sum(dim=1)
    demand((masked >= LENGTHS / 2).all(), "Too little is masked in some clip.")
    demand((masked < LENGTHS / 2 + 5).all(), "When enough is masked, no more spans are laid.")


def test_spans(student: Student) -> None:
    """Masked tokens lie in runs of at least 5."""
    for row in laid(student).tolist():
        runs = "".join("x" if masked else " " for masked in row).split()
        demand(bool(runs), "In some clip nothing is masked.")
        demand(min(map(len, runs)) >= 5, "A span is cut, or tokens are masked one by one.")


def test_short_clips(student: Student) -> None:
    """A clip of 3 tokens is masked whole, a clip without speech not at all."""
    speech = torch.arange(8) < torch.tensor([[3], [0], [8]])
    mask = student.span_mask(speech.clone())
    is_mask = isinstance(mask, Tensor) and mask.shape == speech.shape
    demand(is_mask, "Return a mask, bool [batch, tokens].")
    demand(mask[0].tolist() == speech[0].tolist(), "Speech that is shorter than a span is masked.")
    demand(not mask[1].any(), "There is nothing to mask in a clip without speech.")


def test_same_state(student: Student) -> None:
    """A generator in the same state gives the same mask, another state another."""
    one, same, other = (laid(student, seed) for seed in (1, 1, 2))
    demand(torch.equal(one, same), "Does every random number come from the generator?")
    demand(not torch.equal(one, other), "Two generators give the same mask.")
