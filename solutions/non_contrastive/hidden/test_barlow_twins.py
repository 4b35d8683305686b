"""Hidden suite of the part ``barlow_twins``.

Values come from an independent float64 oracle in plain loops (reference/oracle_barlow_twins.py),
for the biased and for the unbiased deviation; either is right, and nothing between. Columns have
deviations of at least 0.5 (at least 1 in the case ``value``), where a constant of 1e-4 moves a
loss by less than a tolerance; the nearest known mistake is ten tolerances away.
"""

from __future__ import annotations

from collections.abc import Mapping

import math

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand, essential, nearest_mistake, presumes, weigh

LAMBDA = 0.3
TOLERANCE = 1e-3
KINDS = ("biased", "unbiased")


def number(loss: object, dtype: torch.dtype = torch.float32) -> float:
    """The loss that a call returned, if it is one of ``dtype``."""
    demand(isinstance(loss, Tensor), "barlow_twins.not_a_tensor", type(loss).__name__)
    assert isinstance(loss, Tensor)
    demand(loss.shape in ((), (1,)), "barlow_twins.not_a_number", tuple(loss.shape))
    demand(loss.dtype == dtype, "barlow_twins.dtype", (dtype, loss.dtype))
    return float(loss.detach().reshape(()))


def kind_of(value: float, reference: Mapping[str, Tensor], case: str) -> str | None:
    """By which deviation ``value`` is the oracle's; None if by neither."""
    for kind in KINDS:
        if close(value, float(reference[f"{case}.{kind}"]), rtol=TOLERANCE, atol=TOLERANCE):
            return kind
    return None


def views(reference: Mapping[str, Tensor], case: str) -> tuple[Tensor, Tensor]:
    """Float32 copies of a case's inputs."""
    return reference[f"{case}.z_a"].float(), reference[f"{case}.z_b"].float()


def slopes(loss: Tensor, inputs: list[Tensor]) -> list[Tensor | None]:
    """Gradients in all inputs; the student pays for a graph that cannot be walked."""
    if not loss.requires_grad:
        return [None for _ in inputs]
    try:
        return list(torch.autograd.grad(loss.reshape(()), inputs, allow_unused=True))
    except Failure:
        raise
    except RuntimeError as error:
        raise blame(error) from error


@weigh(4)
@essential
def test_value(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss of two batches of views is one number and has the right value."""
    value = number(student.barlow_twins(*views(reference, "value"), lambd=LAMBDA))
    if kind_of(value, reference, "value"):
        return
    demand(math.isfinite(value), "barlow_twins.not_finite", value)
    mistakes = {name: v for name, v in reference.items() if name.startswith("mistake.")}
    nearest = nearest_mistake(value, mistakes, "barlow_twins.value", rtol=5e-4)
    hint = f"barlow_twins.{nearest.split('.')[1]}" if nearest in mistakes else nearest
    if nearest not in mistakes:
        # What a constant adds to a deviation is lost where deviations are large.
        wide = (1e4 * view for view in views(reference, "value"))
        if kind_of(number(student.barlow_twins(*wide, lambd=LAMBDA)), reference, "value"):
            hint = "barlow_twins.large_constant"
    demand(False, hint, value)


@presumes(test_value)
def test_lambda(student: Student, reference: Mapping[str, Tensor]) -> None:
    """lambd weighs what is beside the diagonal, down to 0; it is 0.01 when none is given."""
    value = number(student.barlow_twins(*views(reference, "value"), 0.0))
    demand(kind_of(value, reference, "no_lambda"), "barlow_twins.lambda", value)
    value = number(student.barlow_twins(*views(reference, "value")))
    demand(kind_of(value, reference, "default"), "barlow_twins.default_lambda", value)


@presumes(test_value)
def test_any_batch(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is right whatever the number of rows and of dimensions."""
    for case in ("2x2", "3x6", "40x3"):
        try:
            value = number(student.barlow_twins(*views(reference, f"shape.{case}"), 0.05))
        except Crashed as error:
            raise Wrong("barlow_twins.any_batch", f"{case}: {error.detail}") from error
        demand(kind_of(value, reference, f"shape.{case}"), "barlow_twins.any_batch", (case, value))


def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The inputs keep their numbers and their flags."""
    for flag in (False, True):
        inputs = [z.requires_grad_(flag) for z in views(reference, "value")]
        try:
            student.barlow_twins(*inputs, LAMBDA)
        except Crashed as error:
            if flag and ("in-place" in error.detail or "leaf" in error.detail):
                raise Wrong("barlow_twins.in_place", error.detail) from error
            raise
        demand(not student.mutated, "barlow_twins.in_place", student.mutated)


@weigh(3)
@presumes(test_value)
def test_gradient(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient of the loss in both views is right."""
    inputs = [z.requires_grad_(True) for z in views(reference, "value")]
    loss = student.barlow_twins(*inputs, lambd=LAMBDA)
    kind = kind_of(number(loss), reference, "value")
    grads = slopes(loss, inputs)
    reached = [grad is not None and bool(grad.any()) for grad in grads]
    demand(any(reached), "barlow_twins.no_gradient")
    demand(all(reached), "barlow_twins.one_branch_detached", reached)
    for side, grad in zip("ab", grads, strict=True):
        assert grad is not None
        demand(bool(grad.isfinite().all()), "barlow_twins.gradient_not_finite", side)
        errors = []
        for either in [kind] if kind else KINDS:
            right = reference[f"value.{either}.grad_{side}"]
            errors.append(float((grad.double() - right).abs().max() / right.abs().max()))
        demand(min(errors) < 5e-3, "barlow_twins.gradient", (side, errors))


@weigh(2)
@presumes(test_value)
def test_constant_columns(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Value and gradient are finite when a column is constant, or all rows are the same."""
    z_a, z_b = views(reference, "value")
    z_a[:, 2], z_b[:, 2], z_b[:, 4] = 0.5, -0.25, 2.0
    row = torch.tensor([0.5, -1.0, 0.25, 2.0])
    for case, a, b in (
        ("a column", z_a, z_b),
        ("all rows", row.repeat(8, 1), row.repeat(8, 1)),
        ("two rows", row.repeat(2, 1), -row.repeat(2, 1)),
    ):
        inputs = [z.clone().requires_grad_(True) for z in (a, b)]
        loss = student.barlow_twins(*inputs, LAMBDA)
        demand(math.isfinite(number(loss)), "barlow_twins.constant_column", case)
        finite = [g is None or bool(g.isfinite().all()) for g in slopes(loss, inputs)]
        demand(all(finite), "barlow_twins.constant_column_gradient", (case, finite))


@presumes(test_value)
def test_float64(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Float64 views give a float64 loss."""
    z_a, z_b = reference["value.z_a"], reference["value.z_b"]
    try:
        value = number(student.barlow_twins(z_a, z_b, LAMBDA), torch.float64)
    except Crashed as error:
        raise Wrong("barlow_twins.dtype", error.detail) from error
    demand(kind_of(value, reference, "value"), "barlow_twins.dtype", value)
