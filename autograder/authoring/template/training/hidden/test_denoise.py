"""Hidden suite of the part ``denoise``: the rules that the text sets, whatever is spoiled.

How well one learns from it is for the training run to say.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from autograder.lab.testing.randomness import Rules, twin
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import at_every_size, demand, essential

RULES = Rules("denoise")
DRAWS = 40
"""A batch that is left alone with a chance of 0.7 is left so 40 times in 6e-7 of cases."""


def mels(batch: int, frames: int = 48) -> Tensor:
    """Log-mels [batch, 40, frames] of random numbers, mostly between -2 and 2."""
    return torch.randn(batch, 40, frames, generator=twin(batch))


def corrupted(student: Student, clips: Tensor, generator: Generator) -> Tensor:
    """The result of a call, in float64, if it is one."""
    result = RULES.checked(student.corrupt(clips.clone(), generator), clips)
    demand(result.isfinite().all(), "denoise.not_finite")
    return result


@essential
def test_kind(student: Student) -> None:
    """The result is a finite tensor of the shape and dtype of the log-mels."""

    def call(size: tuple[int, int]) -> None:
        clips = mels(*size)
        result = student.corrupt(clips.clone(), twin(1))
        RULES.keeps_dtype(result, clips)
        corrupted(student, clips, twin(1))

    at_every_size([(6, 48), (1, 48), (3, 31)], call, "denoise.any_size")


@essential
def test_something_changes(student: Student) -> None:
    """What comes back is not always what went in."""
    clips, generator = mels(4), twin(2)
    drawn = (corrupted(student, clips, generator) for _ in range(DRAWS))
    demand(any(not torch.equal(result, clips.double()) for result in drawn), "denoise.unchanged")


def test_generator(student: Student) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    clips = mels(8)
    RULES.comes_from_generator(student, lambda g: corrupted(student, clips, g), seed=3)


def test_input_is_kept(student: Student) -> None:
    """The log-mels given are not modified."""
    student.corrupt(mels(4), twin(4))
    RULES.keeps_input(student)
