"""Hidden suite of the part ``collapse``.

Values come from an independent oracle in plain loops (reference/oracle_collapse.py), which also
gives the value of each known mistake; the nearest is ten tolerances away. Either deviation is
right, the biased or the unbiased one. The two functions are worth half of the part each.
"""

from __future__ import annotations

from collections.abc import Mapping

import math
from numbers import Real

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Wrong
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand, differ, nearest_mistake, presumes, weigh

TOLERANCE = 2e-3
"""Relative. Float32 rounding is below 1e-5; 1e-7 added to 96 shares moves a rank by 2e-4."""


def number(value: object) -> float:
    """The one number that a call returned, as a tensor or as a Python number."""
    if isinstance(value, Tensor):
        seen = (value.dtype, tuple(value.shape))
        demand(value.numel() == 1 and not value.is_complex(), "collapse.not_a_number", seen)
        value = value.detach().reshape(()).item()
    demand(isinstance(value, Real), "collapse.not_a_number", type(value).__name__)
    assert isinstance(value, Real)
    demand(math.isfinite(value), "collapse.not_finite", value)
    return float(value)


def near(value: float, expected: Tensor | float) -> bool:
    return close(value, float(expected), rtol=TOLERANCE, atol=1e-4)


def is_deviation(value: float, reference: Mapping[str, Tensor], case: str) -> bool:
    """Whether ``value`` is the oracle's, biased or unbiased."""
    return any(near(value, reference[f"deviation.{case}.{w}"]) for w in ("biased", "unbiased"))


def diagnosed(value: float, reference: Mapping[str, Tensor], prefix: str, otherwise: str) -> str:
    """The hint of the known mistake that gives ``value``."""
    mistakes = {name: v for name, v in reference.items() if name.startswith(f"mistake.{prefix}")}
    nearest = nearest_mistake(value, mistakes, otherwise, rtol=1e-3)
    return f"collapse.{nearest.split('.')[-2]}" if nearest in mistakes else otherwise


@weigh(3)
def test_deviation(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The feature deviation is the mean deviation of unit rows, times the root of their length."""
    value = number(student.feature_deviation(reference["deviation.11x5"].float()))
    if not is_deviation(value, reference, "11x5"):
        hint = diagnosed(value, reference, "deviation", "collapse.deviation")
        if hint == "collapse.deviation":
            # What a constant adds to a length is lost where rows are long.
            long = number(student.feature_deviation(1e4 * reference["deviation.11x5"].float()))
            if is_deviation(long, reference, "11x5"):
                hint = "collapse.constant_in_the_length"
        demand(False, hint, value)


@presumes(test_deviation)
def test_deviation_of_any_batch(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The feature deviation is right for any number of rows from two on, in float64 too."""
    for case in ("2x3", "40x16"):
        for dtype in (torch.float32, torch.float64):
            try:
                value = number(student.feature_deviation(reference[f"deviation.{case}"].to(dtype)))
            except Crashed as error:
                raise Wrong("collapse.any_batch", f"{case}: {error.detail}") from error
            seen = (case, dtype, value)
            demand(is_deviation(value, reference, case), "collapse.any_batch", seen)


@presumes(test_deviation, test_deviation_of_any_batch)
def test_deviation_of_spread_rows(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Rows that point everywhere alike have a feature deviation of 1."""
    axes = torch.eye(128).repeat(4, 1) * torch.linspace(0.5, 20.0, 512)[:, None]
    axes[::2] *= -1
    value = number(student.feature_deviation(torch.cat([axes, -axes])))
    demand(0.99 < value < 1.01, "collapse.spread_rows", value)
    other = number(student.feature_deviation(reference["deviation.11x5"].float()))
    demand(differ(value, other), "collapse.spread_rows", (value, other))


@presumes(test_deviation, test_deviation_of_any_batch)
def test_deviation_of_collapsed_rows(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Rows that all point the same way, whatever their length, have a feature deviation of 0."""
    row = torch.tensor([0.5, -1.0, 2.0, 0.25, -0.125])
    for lengths in (torch.ones(32), torch.logspace(-3, 3, 32)):
        value = number(student.feature_deviation(lengths[:, None] * row))
        demand(abs(value) < 0.01, "collapse.collapsed_rows", value)
    other = number(student.feature_deviation(reference["deviation.11x5"].float()))
    demand(abs(other) > 0.01, "collapse.collapsed_rows", other)


@weigh(3)
def test_rank(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The effective rank is exp of the entropy of the singular values' shares."""
    value = number(student.effective_rank(reference["rank.64x6"].float()))
    if not near(value, reference["rank.64x6.value"]):
        hint = diagnosed(value, reference, "rank", "collapse.rank")
        demand(False, hint, value)


@presumes(test_rank)
def test_rank_of_any_matrix(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The effective rank is right for few and for many dimensions."""
    for case, dtype in (("80x3", torch.float32), ("80x3", torch.float64), ("64x70", torch.float64)):
        try:
            value = number(student.effective_rank(reference[f"rank.{case}"].to(dtype)))
        except Crashed as error:
            raise Wrong("collapse.any_matrix", f"{case}: {error.detail}") from error
        demand(near(value, reference[f"rank.{case}.value"]), "collapse.any_matrix", (case, value))


@presumes(test_rank, test_rank_of_any_matrix)
def test_rank_of_any_scale(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The effective rank does not depend on how large the numbers are."""
    for scale in (1e-4, 1e3):
        try:
            value = number(student.effective_rank(scale * reference["rank.64x6"].float()))
        except (Crashed, Wrong) as error:
            raise Wrong("collapse.scale", f"{scale}: {error}") from error
        demand(near(value, reference["rank.64x6.value"]), "collapse.scale", (scale, value))


@presumes(test_rank, test_rank_of_any_matrix)
def test_rank_with_zeros(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A singular value of 0 adds nothing: 0 ln 0 = 0."""
    try:
        value = number(student.effective_rank(reference["rank.zeros"]))
    except Wrong as error:
        if error.hint != "collapse.not_finite":
            raise
        raise Wrong("collapse.zero_share", error.observed) from error
    demand(near(value, reference["rank.zeros.value"]), "collapse.zero_share", value)


@presumes(test_rank, test_rank_of_any_matrix)
def test_rank_of_collapsed_rows(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Rows that are multiples of one vector have rank 1; orthogonal columns have full rank."""
    for case, expected in (("one", 1.0), ("full", 6.0)):
        value = number(student.effective_rank(reference[f"rank.{case}"]))
        demand(near(value, expected), "collapse.extreme_rank", (case, value))
