"""Hidden suite of the part ``info_nce``.

Values come from an independent float64 oracle in plain loops (reference/oracle_info_nce.py).

Tolerance: a float32 cosine is off by a few 1e-7, more where a student adds a small constant
to a norm, and a logit is a cosine over the temperature: below 1e-4 at 0.05, below 1e-3 at
0.01. The nearest mistake is at least 5e-3 away.
"""

from __future__ import annotations

from collections.abc import Mapping

import math

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand, essential, nearest_mistake, weigh

TOLERANCE = 1e-4
TEMPERATURE = 0.7
"""Of the case ``value``; unlike 1 and unlike the default, and its square is not its half."""


def number(value: object) -> float:
    """The loss that a call returned, if it is one."""
    demand(isinstance(value, Tensor), "info_nce.not_a_tensor", type(value).__name__)
    assert isinstance(value, Tensor)
    demand(value.is_floating_point(), "info_nce.not_a_tensor", value.dtype)
    demand(value.numel() == 1, "info_nce.not_a_number", tuple(value.shape))
    return float(value.detach().reshape(()))


def matches(value: float, expected: Tensor | float, tolerance: float = TOLERANCE) -> bool:
    return close(value, float(expected), rtol=tolerance, atol=tolerance)


def views(reference: Mapping[str, Tensor], case: str) -> tuple[Tensor, Tensor]:
    """Float32 copies of a case's inputs."""
    return reference[f"{case}.z_a"].float(), reference[f"{case}.z_b"].float()


def diagnose(value: float, reference: Mapping[str, Tensor], otherwise: str) -> str:
    """The hint of the known mistake that gives ``value`` on the case ``value``."""
    mistakes = {name: v for name, v in reference.items() if name.startswith("mistake.")}
    nearest = nearest_mistake(value, mistakes, otherwise)
    return f"info_nce.{nearest.split('.')[1]}" if nearest in mistakes else otherwise


def slopes(loss: Tensor, z_a: Tensor, z_b: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """Gradients in both inputs; the student pays for a graph that cannot be walked."""
    try:
        grads = torch.autograd.grad(loss.reshape(()), (z_a, z_b), allow_unused=True)
    except Failure:
        raise
    except RuntimeError as error:
        raise blame(error) from error
    return grads[0], grads[1]


@weigh(3)
@essential
def test_value(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss of a batch of pairs is one number, in a tensor, and has the right value."""
    loss = number(student.info_nce(*views(reference, "value"), temperature=TEMPERATURE))
    if not matches(loss, reference["value.loss"]):
        hint = "info_nce.not_finite" if not math.isfinite(loss) else "info_nce.value"
        demand(False, diagnose(loss, reference, hint), loss)


def test_default_temperature(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The temperature is 0.2 when none is given."""
    loss = number(student.info_nce(*views(reference, "value")))
    demand(matches(loss, reference["temperature.0.2"]), "info_nce.default_temperature", loss)


def test_temperatures(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is right at low and at high temperatures."""
    for temperature in (5.0, 1.0, 0.2, 0.05):
        loss = number(student.info_nce(*views(reference, "value"), temperature))
        expected = reference[f"temperature.{temperature}"]
        demand(matches(loss, expected), "info_nce.temperature", (temperature, loss))


def test_any_batch(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is right whatever the number of pairs and of dimensions."""
    for shape in ("2x3", "3x2", "9x16", "17x4"):
        z_a, z_b = views(reference, f"shape.{shape}")
        try:
            loss = number(student.info_nce(z_a, z_b, temperature=0.2))
        except Crashed as error:
            raise Wrong("info_nce.any_batch", f"{shape}: {error.detail}") from error
        demand(matches(loss, reference[f"shape.{shape}.loss"]), "info_nce.any_batch", (shape, loss))


def test_row_length(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Only the direction of a row counts, not its length."""
    z_a, z_b = views(reference, "value")
    lengths = torch.linspace(0.1, 20.0, 2 * len(z_a))[:, None]
    for a, b in ((z_a * lengths[::2], z_b * lengths[1::2]), (z_a * 50.0, z_b * 0.1)):
        loss = number(student.info_nce(a, b, temperature=TEMPERATURE))
        demand(matches(loss, reference["value.loss"], 1e-3), "info_nce.row_length", loss)


def test_all_views_alike(student: Student) -> None:
    """When all 2N views are alike, the loss is ln(2N - 1)."""
    for n in (2, 7):
        same = torch.tensor([[0.6, -1.2, 0.3]]).repeat(n, 1)
        loss = number(student.info_nce(same, same.clone(), temperature=0.2))
        demand(matches(loss, math.log(2 * n - 1)), "info_nce.all_alike", (n, loss))


def with_gradients(
    student: Student, reference: Mapping[str, Tensor]
) -> tuple[Tensor | None, Tensor | None]:
    """The loss's gradients in both views of the case ``value``; None where there is none."""
    z_a, z_b = (z.requires_grad_(True) for z in views(reference, "value"))
    try:
        loss = student.info_nce(z_a, z_b, temperature=TEMPERATURE)
    except Crashed as error:
        in_place = "in-place" in error.detail or "a leaf Variable" in error.detail
        hint = "info_nce.in_place" if in_place else "info_nce.no_gradient"
        raise Wrong(hint, error.detail) from error
    number(loss)
    return slopes(loss, z_a, z_b) if loss.requires_grad else (None, None)


@essential
def test_differentiable(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss can be differentiated."""
    grads = with_gradients(student, reference)
    demand(any(g is not None and bool(g.any()) for g in grads), "info_nce.no_gradient")


@weigh(3)
def test_gradient(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient of the loss in both views is right."""
    grads = with_gradients(student, reference)
    finite = all(g is None or bool(g.isfinite().all()) for g in grads)
    demand(finite, "info_nce.gradient_not_finite")
    reached = [g is not None and bool(g.any()) for g in grads]
    demand(all(reached), "info_nce.one_branch_detached", reached)
    for grad, name in zip(grads, ("a", "b"), strict=True):
        assert grad is not None
        right = reference[f"value.grad_{name}"]
        off = float((grad.double() - right).abs().max() / right.abs().max())
        demand(off < 1e-3, "info_nce.gradient", off)


@weigh(3)
def test_low_temperature(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss stays finite and right down to temperature 0.01 in float32."""
    z_a, z_b = (z.requires_grad_(True) for z in views(reference, "cold"))
    loss = student.info_nce(z_a, z_b, temperature=0.01)
    value = number(loss)
    demand(math.isfinite(value), "info_nce.overflow", value)
    demand(matches(value, reference["cold.loss"], 1e-3), "info_nce.underflow", value)
    if loss.requires_grad:
        for grad in slopes(loss, z_a, z_b):
            demand(grad is None or bool(grad.isfinite().all()), "info_nce.gradient_not_finite")


def test_batch_of_one(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A batch of one pair gives 0: there is nothing to confuse it with."""
    z_a, z_b = views(reference, "value")
    try:
        loss = number(student.info_nce(z_a[:1], z_b[:1], temperature=0.2))
    except Crashed as error:
        raise Wrong("info_nce.batch_of_one", error.detail) from error
    demand(matches(loss, 0.0), "info_nce.batch_of_one", loss)


def test_float64(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Float64 views give a float64 loss, float32 views a float32 loss."""
    z_a, z_b = reference["value.z_a"], reference["value.z_b"]
    for dtype in (torch.float32, torch.float64):
        try:
            loss = student.info_nce(z_a.to(dtype), z_b.to(dtype), temperature=TEMPERATURE)
        except Crashed as error:
            raise Wrong("info_nce.dtype", error.detail) from error
        value = number(loss)
        demand(loss.dtype == dtype, "info_nce.dtype", (dtype, loss.dtype))
        demand(matches(value, reference["value.loss"]), "info_nce.dtype", (dtype, value))
