"""Public checks of the part ``time_mask``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand

ONES = torch.ones(200, 80)
"""Clips in which every zero is a masked sample. An eighth of them is 10 samples."""


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def zeros(result: object) -> Tensor:
    """Which samples are zero."""
    demand(isinstance(result, Tensor), "Return one torch tensor.")
    assert isinstance(result, Tensor)
    plain = result.layout == torch.strided and result.is_floating_point() and result.is_cpu
    demand(result.shape == ONES.shape, "The result should have the shape of the clips.")
    demand(plain, "The result should be an ordinary tensor of floating-point numbers.")
    return result.as_subclass(Tensor) == 0


def test_kept_or_zero(student: Student) -> None:
    """Samples are zero or as they were; the dtype stays."""
    result = student.time_mask(ONES.clone(), generator=source())
    found = zeros(result)
    demand(found.any(), "Nothing was masked.")
    demand((found | (result == 1)).all(), "A sample is neither zero nor as it was.")
    demand(result.dtype == torch.float32, "The result should have the dtype of the clips.")


def test_one_piece(student: Student) -> None:
    """The zeros of a clip lie in one piece."""
    found = zeros(student.time_mask(ONES.clone(), generator=source())).long()
    jumps = found.diff(dim=1).abs().sum(dim=1) + found[:, 0] + found[:, -1]
    demand(jumps.max() <= 2, "Some clip has zeros in more than one place.")


def test_longest(student: Student) -> None:
    """Lengths differ between clips and are at most max_fraction of the time."""
    for fraction, longest in ((0.125, 10), (0.25, 20)):
        result = student.time_mask(ONES.clone(), max_fraction=fraction, generator=source())
        lengths = zeros(result).sum(dim=1)
        demand(
            lengths.max() <= longest,
            "With a batch of ones you can count the zeros of each clip: how many may there be?",
        )
        demand(lengths.min() < lengths.max(), "All masks of the batch have the same length.")


def test_places(student: Student) -> None:
    """Masks lie in different places, in either half of the clip."""
    covered = zeros(student.time_mask(ONES.clone(), generator=source())).any(dim=0)
    demand(
        covered[:30].any() and covered[50:].any(),
        "Where may a mask of a given length start, and which starts can your code draw?",
    )


def test_same_state(student: Student) -> None:
    """A generator in the same state gives the same masks; the next call gives others."""
    generator = source(1)
    one, two = (zeros(student.time_mask(ONES.clone(), generator=generator)) for _ in "12")
    same = zeros(student.time_mask(ONES.clone(), generator=source(1)))
    demand(torch.equal(one, same), "Does every random number come from the generator?")
    demand(not torch.equal(one, two), "Two calls in a row give the same masks.")


def test_clips_are_left_alone(student: Student) -> None:
    """The clips passed in keep their values."""
    student.time_mask(ONES.clone(), generator=source())
    demand(not student.mutated, "Your function writes into the clips it was given.")
