"""Hidden suite of the part ``energy``.

Expected values, and those of well-known mistakes, come from a float64 oracle in plain loops
(reference/oracle_energy.py). Of each mistake some value is more than a third off, a thousand
times the tolerance.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import (
    at_every_size,
    close,
    demand,
    essential,
    nearest_mistake,
    weigh,
)

MISTAKES = ("sum", "root", "magnitude", "offset")
"""Known mistakes, most likely first; each is the name of its hint too."""

CASES = {"default": (), "gaps": (100, 170)}
"""Name of a case to the size and hop that it is called with."""


def checked(result: object, shape: tuple[int, ...]) -> Tensor:
    """``result``, if it is a real tensor of that shape."""
    demand(isinstance(result, Tensor), "energy.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    demand(result.shape == shape, "energy.shape", tuple(result.shape))
    demand(result.is_floating_point(), "energy.dtype", result.dtype)
    return result.detach().clone()


@essential
def test_shape(student: Student) -> None:
    """The result is a tensor with a number for each whole frame of each wave."""

    def call(case: tuple[int, int, int, int]) -> None:
        batch, time, size, hop = case
        result = student.frame_power(torch.ones(batch, time), size, hop)
        checked(result, (batch, 1 + (time - size) // hop))

    sizes = [(3, 1000, 256, 128), (1, 64, 64, 16), (2, 999, 100, 300), (5, 40, 7, 7)]
    at_every_size(sizes, call, "energy.any_size")


@weigh(2)
def test_values(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The numbers are the mean powers of the frames."""
    for case, arguments in CASES.items():
        expected = reference[f"{case}.right"]
        result = student.frame_power(reference["wave"], *arguments)
        power = checked(result, tuple(expected.shape))
        mistakes = {f"energy.{name}": reference[f"{case}.{name}"] for name in MISTAKES}
        hint = nearest_mistake(power, mistakes, otherwise="energy.value")
        demand(close(power, expected, rtol=1e-4), hint, power[0, :3])


def test_dtype(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The result has the dtype of the wave."""
    for dtype in (torch.float32, torch.float64):
        result = student.frame_power(reference["wave"].to(dtype))
        demand(isinstance(result, Tensor), "energy.not_a_tensor", type(result).__name__)
        demand(result.dtype == dtype, "energy.dtype", result.dtype)


def test_input_is_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The wave is not changed."""
    student.frame_power(reference["wave"])
    demand(not student.mutated, "energy.modifies_input", student.mutated)
