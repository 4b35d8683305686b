"""Hidden suite of the part ``siamese``.

Values come from an independent float64 oracle in plain loops (reference/oracle_siamese.py).
Tolerance: the cosine of two float32 rows is off by a few 1e-7, a little more where a student
adds a constant to a norm; the nearest known mistake is 2e-3 away.
"""

from __future__ import annotations

from collections.abc import Mapping

import math

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand, essential, nearest_mistake, presumes, weigh

TOLERANCE = 1e-4
VECTORS = ("p_a", "p_b", "z_a", "z_b")


def number(loss: object, dtype: torch.dtype) -> float:
    """The loss that a call returned, if it is one of ``dtype``."""
    demand(isinstance(loss, Tensor), "siamese.not_a_tensor", type(loss).__name__)
    assert isinstance(loss, Tensor)
    demand(loss.shape in ((), (1,)), "siamese.not_a_number", tuple(loss.shape))
    demand(loss.dtype == dtype, "siamese.dtype", (dtype, loss.dtype))
    return float(loss.detach().reshape(()))


def near(value: float, expected: Tensor) -> bool:
    return close(value, float(expected), rtol=TOLERANCE, atol=TOLERANCE)


def demand_value(value: float, reference: Mapping[str, Tensor], case: str) -> None:
    """Demand the oracle's value of ``case``; else name the mistake that gives ``value``."""
    if near(value, reference[f"{case}.value"]):
        return
    demand(math.isfinite(value), "siamese.not_finite", value)
    mistakes = {name: v for name, v in reference.items() if name.startswith(f"mistake.{case}")}
    nearest = nearest_mistake(value, mistakes, f"siamese.{case}")
    hint = f"siamese.{nearest.split('.')[2]}" if nearest in mistakes else nearest
    demand(False, hint, value)


def given(reference: Mapping[str, Tensor], case: str, *names: str) -> list[Tensor]:
    """Float32 inputs of a case, each of which could be differentiated in."""
    return [reference[f"{case}.{name}"].float().requires_grad_(True) for name in names]


def slopes(loss: Tensor, inputs: list[Tensor]) -> list[Tensor | None]:
    """Gradients in all inputs; the student pays for a graph that cannot be walked."""
    demand(loss.numel() == 1, "siamese.not_a_number", tuple(loss.shape))
    asked = [z for z in inputs if z.requires_grad]  # a flag may have been cleared
    if not (loss.requires_grad and asked):
        return [None for _ in inputs]
    try:
        grads = iter(torch.autograd.grad(loss.reshape(()), asked, allow_unused=True))
    except Failure:
        raise
    except RuntimeError as error:
        raise blame(error) from error
    return [next(grads) if z.requires_grad else None for z in inputs]


def moves(grad: Tensor | None) -> bool:
    return grad is not None and bool(grad.any())


def off(grad: Tensor, right: Tensor) -> float:
    """The largest error of a gradient, in units of its largest entry."""
    return float((grad.double() - right).abs().max() / right.abs().max())


@weigh(2)
@essential
def test_cosine(student: Student, reference: Mapping[str, Tensor]) -> None:
    """negative_cosine is one number: minus the mean cosine of the rows."""
    p, z = (reference[f"cosine.{name}"].float() for name in "pz")
    demand_value(number(student.negative_cosine(p, z), torch.float32), reference, "cosine")


@presumes(test_cosine)
def test_cosine_of_any_batch(student: Student, reference: Mapping[str, Tensor]) -> None:
    """negative_cosine is right whatever the number of rows and dimensions, and for any lengths."""
    for case in ("2x2", "3x9", "33x4"):
        p, z = (reference[f"shape.{case}.{name}"].float() for name in "pz")
        lengths = torch.logspace(-1, 2, len(p))[:, None]
        for left, right in ((p, z), (p * lengths, z / lengths)):
            try:
                value = number(student.negative_cosine(left, right), torch.float32)
            except Crashed as error:
                raise Wrong("siamese.any_batch", f"{case}: {error.detail}") from error
            demand(
                near(value, reference[f"shape.{case}.value"]), "siamese.any_batch", (case, value)
            )


def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The inputs keep their numbers and their flags."""
    for flag in (False, True):
        pair = [reference[f"cosine.{name}"].float().requires_grad_(flag) for name in "pz"]
        vectors = [reference[f"siamese.{name}"].float().requires_grad_(flag) for name in VECTORS]
        for name, inputs in (("negative_cosine", pair), ("siamese_loss", vectors)):
            student.call(name, *inputs)
            demand(not student.mutated, "siamese.in_place", (name, student.mutated))


@weigh(3)
@presumes(test_cosine)
def test_gradient_is_stopped(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient of negative_cosine reaches p, and never z."""
    inputs = given(reference, "cosine", "p", "z")
    grad_p, grad_z = slopes(student.negative_cosine(*inputs), inputs)
    if not moves(grad_p):
        demand(not moves(grad_z), "siamese.wrong_side")
        demand(False, "siamese.no_gradient")
    demand(not moves(grad_z), "siamese.not_stopped")
    assert grad_p is not None
    right = reference["cosine.slopes"]
    demand(bool(grad_p.isfinite().all()), "siamese.gradient_not_finite")
    demand(off(grad_p, right) < 1e-3, "siamese.gradient", off(grad_p, right))


@weigh(3)
@presumes(test_cosine)
def test_siamese_loss(student: Student, reference: Mapping[str, Tensor]) -> None:
    """siamese_loss is half of each direction: p_a with z_b, p_b with z_a."""
    vectors = [reference[f"siamese.{name}"].float() for name in VECTORS]
    demand_value(number(student.siamese_loss(*vectors), torch.float32), reference, "siamese")


@weigh(3)
@presumes(test_gradient_is_stopped, test_siamese_loss)
def test_siamese_gradient(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient of siamese_loss reaches both predictions, and neither of their aims."""
    inputs = given(reference, "siamese", *VECTORS)
    grads = dict(zip(VECTORS, slopes(student.siamese_loss(*inputs), inputs), strict=True))
    reached = [name for name, grad in grads.items() if moves(grad)]
    demand("z_a" not in reached and "z_b" not in reached, "siamese.loss_not_stopped", reached)
    demand({"p_a", "p_b"} <= set(reached), "siamese.loss_gradient_missing", reached)
    for name in ("p_a", "p_b"):
        grad, right = grads[name], reference[f"siamese.slopes.{name}"]
        assert grad is not None
        demand(bool(grad.isfinite().all()), "siamese.gradient_not_finite")
        demand(off(grad, right) < 1e-3, "siamese.loss_gradient", off(grad, right))


@presumes(test_cosine, test_siamese_loss)
def test_float64(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Float64 vectors give a float64 loss."""
    p, z = (reference[f"cosine.{name}"] for name in "pz")
    vectors = [reference[f"siamese.{name}"] for name in VECTORS]
    for name, inputs, case in (
        ("negative_cosine", [p, z], "cosine"),
        ("siamese_loss", vectors, "siamese"),
    ):
        try:
            value = number(student.call(name, *inputs), torch.float64)
        except Crashed as error:
            raise Wrong("siamese.dtype", error.detail) from error
        demand(close(value, float(reference[f"{case}.value"]), rtol=1e-5), "siamese.dtype", value)


@presumes(test_cosine)
def test_collapsed_batch(student: Student) -> None:
    """Value and gradient are finite when all rows are the same."""
    row = torch.tensor([0.5, -1.0, 0.25, 2.0, 0.125])
    for z in (row.repeat(6, 1), torch.eye(4)[:2].repeat(1, 2), -row.repeat(2, 1)):
        inputs = [z.clone().requires_grad_(True) for _ in range(4)]
        for name, some in (("negative_cosine", inputs[:2]), ("siamese_loss", inputs)):
            loss = student.call(name, *some)
            demand(math.isfinite(number(loss, torch.float32)), "siamese.collapsed", name)
            finite = [g is None or bool(g.isfinite().all()) for g in slopes(loss, some)]
            demand(all(finite), "siamese.collapsed", (name, finite))
