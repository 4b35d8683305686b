"""Public checks of the part ``spec_augment``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand

STRIPES = torch.arange(40 * 50).reshape(40, 50) % 2 * 4.0
"""Cells of 0 and 4 in turn: the mean of a clip is 2, which no cell is."""
LEVELS = torch.linspace(-20, 20, 100)[:, None, None]
"""What is added to each clip of the batch."""


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def flattened(result: object) -> Tensor:
    """The result with every clip's level taken away, so that masked cells should be 2."""
    demand(isinstance(result, Tensor), "Return one torch tensor.")
    assert isinstance(result, Tensor)
    plain = result.layout == torch.strided and result.is_floating_point() and result.is_cpu
    demand(result.shape == (100, 40, 50), "The result should have the shape of the spectrograms.")
    demand(plain, "The result should be an ordinary tensor of floating-point numbers.")
    return result.as_subclass(Tensor) - LEVELS


def test_kept_or_mean(student: Student) -> None:
    """Cells are as they were or hold the mean of their clip; the dtype stays."""
    result = student.spec_augment(STRIPES + LEVELS, generator=source())
    cells = flattened(result)
    masked, kept = (cells - 2).abs() < 1e-3, (cells - STRIPES).abs() < 1e-3
    demand(
        (masked | kept).all(),
        "A cell is neither as it was nor the mean of its clip. Over which cells is the mean "
        "taken, and when?",
    )
    demand(masked.any(), "Nothing was masked.")
    demand(result.dtype == torch.float32, "The result should have the dtype of the spectrograms.")


def test_band_and_span(student: Student) -> None:
    """A clip loses up to 6 neighbouring mel bins and up to 8 neighbouring frames."""
    cells = flattened(student.spec_augment(STRIPES + LEVELS, generator=source()))
    changed = (cells - STRIPES).abs() > 1e-3
    bins, frames = changed.all(dim=2).long(), changed.all(dim=1).long()
    for name, mask, widest in (("mel bins", bins, 6), ("frames", frames, 8)):
        demand(mask.any(), f"No {name} were masked from end to end.")
        demand(mask.sum(dim=1).max() <= widest, f"More than {widest} {name} were masked.")
        jumps = mask.diff(dim=1).abs().sum(dim=1) + mask[:, 0] + mask[:, -1]
        demand(jumps.max() <= 2, f"Masked {name} should lie side by side.")
        widths = mask.sum(dim=1)
        demand(bool((widths != widths[0]).any()), f"All clips lose the same number of {name}.")


def test_same_state(student: Student) -> None:
    """A generator in the same state gives the same masks; the next call gives others."""
    generator = source(1)
    mel = STRIPES + LEVELS
    one, two = (flattened(student.spec_augment(mel.clone(), generator=generator)) for _ in "12")
    same = flattened(student.spec_augment(mel.clone(), generator=source(1)))
    demand(torch.equal(one, same), "Does every random number come from the generator?")
    demand(not torch.equal(one, two), "Two calls in a row give the same masks.")


def test_spectrograms_are_left_alone(student: Student) -> None:
    """The spectrograms passed in keep their values."""
    student.spec_augment(STRIPES + LEVELS, generator=source())
    demand(not student.mutated, "Your function writes into the spectrograms it was given.")
