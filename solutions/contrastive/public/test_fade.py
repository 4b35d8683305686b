"""Public checks of the part ``fade``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand

ONES = torch.ones(200, 100)
"""Clips whose result is the gain itself."""


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def gain_of(result: object) -> Tensor:
    """The gain of each sample."""
    demand(isinstance(result, Tensor), "Return one torch tensor.")
    assert isinstance(result, Tensor)
    plain = result.layout == torch.strided and result.is_floating_point() and result.is_cpu
    demand(result.shape == ONES.shape, "The result should have the shape of the clips.")
    demand(plain, "The result should be an ordinary tensor of floating-point numbers.")
    return result.as_subclass(Tensor)


def test_between_zero_and_one(student: Student) -> None:
    """The gain stays within [0, 1], also where long fades overlap; the dtype stays."""
    for fraction in (0.5, 1.0):
        gain = gain_of(student.fade(ONES.clone(), max_fraction=fraction, generator=source()))
        demand(bool((gain < 1).any()), "Nothing was faded.")
        demand(
            bool(((gain >= 0) & (gain <= 1.000001)).all()),
            "Pass a batch of ones: what are the largest and the smallest value that come back?",
        )
        demand(gain.dtype == torch.float32, "The result should have the dtype of the clips.")


def test_up_and_down(student: Student) -> None:
    """Short fades leave the middle alone; the gain only rises before it and falls after it."""
    gain = gain_of(student.fade(ONES.clone(), max_fraction=0.25, generator=source()))
    demand(bool((gain[:, 30:70] == 1).all()), "The middle of a clip should be left as it is.")
    rises, falls = gain[:, :50].diff(dim=1), gain[:, 50:].diff(dim=1)
    demand(bool((rises >= -1e-6).all()), "The gain should never fall in a fade-in.")
    demand(bool((falls <= 1e-6).all()), "The gain should never rise in a fade-out.")
    demand(bool((gain[:, 0] < 1).any()), "No clip was faded in.")
    demand(bool((gain[:, -1] < 1).any()), "No clip was faded out.")


def test_straight(student: Student) -> None:
    """Each ramp rises by equal steps."""
    gain = gain_of(student.fade(ONES.clone(), max_fraction=0.25, generator=source()))
    steps = gain[:, :50].diff(dim=1)
    bends = steps.diff(dim=1).abs()
    inside = (gain[:, 1:49] < 1) & (gain[:, 2:50] < 1)
    demand(
        not bool((bends[inside] > 1e-3).any()),
        "By how much does your gain grow from one sample to the next within a ramp?",
    )


def test_own_lengths(student: Student) -> None:
    """Lengths differ between clips, and between the two ends of a clip."""
    below = gain_of(student.fade(ONES.clone(), generator=source())) < 1
    left, right = below[:, :50].sum(dim=1), below[:, 50:].sum(dim=1)
    demand(bool((left != left[0]).any()), "All clips have the same fade-in.")
    demand(bool((right != right[0]).any()), "All clips have the same fade-out.")
    demand(
        bool(((left - right).abs() > 1).any()), "Fade-in and fade-out always have the same length."
    )


def test_same_state(student: Student) -> None:
    """A generator in the same state gives the same fades; the next call gives others."""
    generator = source(1)
    one, two = (gain_of(student.fade(ONES.clone(), generator=generator)) for _ in "12")
    same = gain_of(student.fade(ONES.clone(), generator=source(1)))
    demand(torch.equal(one, same), "Does every random number come from the generator?")
    demand(not torch.equal(one, two), "Two calls in a row give the same fades.")


def test_clips_are_left_alone(student: Student) -> None:
    """The clips passed in keep their values."""
    student.fade(ONES.clone(), generator=source())
    demand(not student.mutated, "Your function writes into the clips it was given.")
