"""Public checks of the part ``denoise``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand

CLIPS = torch.linspace(-2, 2, 4 * 40 * 48).reshape(4, 40, 48)


def spoiled(student: Student, seed: int) -> Tensor:
    """The clips as the student's function spoils them."""
    result = student.corrupt(CLIPS.clone(), torch.Generator().manual_seed(seed))
    demand(isinstance(result, Tensor), "Return one torch tensor.")
    assert isinstance(result, Tensor)
    same = result.shape == CLIPS.shape and result.dtype == CLIPS.dtype
    demand(same, "The result should have the shape and the dtype of the log-mels.")
    return result.detach()


def test_spoils(student: Student) -> None:
    """Something is changed, and the log-mels passed in are not."""
    demand(not torch.equal(spoiled(student, 1), CLIPS), "What comes back is what went in.")
    demand(not student.mutated, "Your function writes into the log-mels it was given.")


def test_random(student: Student) -> None:
    """A generator in the same state spoils alike; another state spoils otherwise."""
    first = spoiled(student, 2)
    demand(torch.equal(first, spoiled(student, 2)), "Is every random number the generator's?")
    demand(not torch.equal(first, spoiled(student, 3)), "Where is the generator used?")
