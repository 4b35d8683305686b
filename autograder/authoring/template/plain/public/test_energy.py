"""Public checks of the part ``energy``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand


def test_whole_frames(student: Student) -> None:
    """Ten samples hold three frames of four samples that begin three samples apart."""
    power = student.frame_power(torch.ones(2, 10), 4, 3)
    demand(isinstance(power, Tensor), "Return one torch tensor.")
    demand(power.shape == (2, 3), f"The shape should be [2, 3] and is {list(power.shape)}.")


def test_a_constant(student: Student) -> None:
    """A wave that is 3 everywhere has the power 9 in every frame."""
    power = student.frame_power(torch.full((1, 512), 3.0))
    demand(close(power, torch.full((1, 3), 9.0)), "What is the mean of the squares of 3, 3, 3?")
