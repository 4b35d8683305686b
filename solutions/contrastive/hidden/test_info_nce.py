"""Hidden suite of the part ``info_nce``.

Values come from an independent float64 oracle in plain loops (reference/oracle_info_nce.py).

Tolerance: a float32 cosine is off by a few 1e-7, more where a student adds a small constant
to a norm, and a logit is a cosine over the temperature: below 1e-4 at 0.05, below 1e-3 at
0.01. The nearest mistake is at least 5e-3 away.

A mistake that shows in the first value shows in most others too. What fails then is answered
by the hint of that mistake (:func:`told`), since what a test's own hint says may not be so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.randomness import Rules, real
from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand, essential, nearest_mistake, presumes, weigh

rules = Rules("info_nce")
TOLERANCE = 1e-4
TEMPERATURE = 0.7
"""Of the case ``value``; unlike 1 and unlike the default, and its square is not its half."""


def number(value: object) -> float:
    """The loss that a call returned, if it is one."""
    demand(isinstance(value, Tensor), "info_nce.not_a_tensor", type(value).__name__)
    plain = real(value)
    demand(plain is not None, "info_nce.not_a_tensor", getattr(value, "dtype", None))
    assert plain is not None
    demand(plain.numel() == 1, "info_nce.not_a_number", tuple(plain.shape))
    return float(plain)


def matches(value: float, expected: Tensor | float, tolerance: float = TOLERANCE) -> bool:
    return close(value, float(expected), rtol=tolerance, atol=tolerance)


def views(reference: Mapping[str, Tensor], case: str) -> tuple[Tensor, Tensor]:
    """Float32 copies of a case's inputs."""
    return reference[f"{case}.z_a"].float(), reference[f"{case}.z_b"].float()


_first: WeakKeyDictionary[Student, float | Failure] = WeakKeyDictionary()


def first_loss(student: Student, reference: Mapping[str, Tensor]) -> float:
    """The loss of the case ``value``, asked once; how that call failed is raised every time."""
    if student not in _first:
        try:
            loss = student.info_nce(*views(reference, "value"), temperature=TEMPERATURE)
            _first[student] = number(loss)
        except Failure as failure:
            _first[student] = failure
    loss = _first[student]
    if isinstance(loss, Failure):
        raise loss
    return loss


def told(student: Student, reference: Mapping[str, Tensor], otherwise: str) -> str:
    """The hint of the mistake that the first loss shows; ``otherwise`` if that is right."""
    loss = first_loss(student, reference)
    if matches(loss, reference["value.loss"]):
        return otherwise
    if not math.isfinite(loss):
        return "info_nce.not_finite"
    mistakes = {name: v for name, v in reference.items() if name.startswith("mistake.")}
    nearest = nearest_mistake(loss, mistakes, "mistake.value")
    return f"info_nce.{nearest.split('.')[1]}"


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
    loss = first_loss(student, reference)
    right = matches(loss, reference["value.loss"])
    demand(right, told(student, reference, "info_nce.value"), loss)


def test_default_temperature(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The temperature is 0.2 when none is given."""
    loss = number(student.info_nce(*views(reference, "value")))
    if not matches(loss, reference["temperature.0.2"]):
        number(student.info_nce(*views(reference, "shape.2x3"), temperature=5.0))
        again = number(student.info_nce(*views(reference, "value")))
        before = matches(loss, first_loss(student, reference)) or not matches(loss, again)
        hint = "info_nce.remembers" if before else "info_nce.default_temperature"
        demand(False, told(student, reference, hint), (loss, again))


@rules.follows()
@presumes(test_default_temperature)
def test_temperatures(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is right at low and at high temperatures."""
    hint = told(student, reference, "info_nce.temperature")
    for temperature in (5.0, 1.0, 0.2, 0.05):
        loss = number(student.info_nce(*views(reference, "value"), temperature))
        expected = reference[f"temperature.{temperature}"]
        demand(matches(loss, expected), hint, (temperature, loss))


@presumes(test_default_temperature)
def test_any_batch(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is right whatever the number of pairs and of dimensions."""
    hint = told(student, reference, "info_nce.any_batch")
    for shape in ("2x3", "3x2", "9x16", "17x4", "128x64"):
        try:
            loss = shaped(student, reference, shape)
        except Crashed as error:
            raise Wrong(hint, f"{shape}: {error.detail}") from error
        demand(matches(loss, reference[f"shape.{shape}.loss"]), hint, (shape, loss))


def shaped(student: Student, reference: Mapping[str, Tensor], shape: str) -> float:
    """The loss of a batch of ``shape``, pairs x dimensions, at the temperature 0.2."""
    return number(student.info_nce(*views(reference, f"shape.{shape}"), temperature=0.2))


def test_row_length(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Only the direction of a row counts, not its length."""
    hint = told(student, reference, "info_nce.row_length")
    z_a, z_b = views(reference, "value")
    lengths = torch.linspace(0.1, 20.0, 2 * len(z_a))[:, None]
    for a, b in ((z_a * lengths[::2], z_b * lengths[1::2]), (z_a * 50.0, z_b * 0.1)):
        loss = number(student.info_nce(a, b, temperature=TEMPERATURE))
        demand(matches(loss, reference["value.loss"], 1e-3), hint, loss)


def test_all_views_alike(student: Student, reference: Mapping[str, Tensor]) -> None:
    """When all 2N views are alike, the loss is ln(2N - 1); with one clip unlike, it is less."""
    hint = told(student, reference, "info_nce.all_alike")
    for n in (2, 7):
        same = torch.tensor([[0.6, -1.2, 0.3]]).repeat(n, 1)
        loss = number(student.info_nce(same, same.clone(), temperature=0.2))
        demand(matches(loss, math.log(2 * n - 1)), hint, (n, loss))
    # Of n clips one is at right angles to the rest: its views see each other and 2n - 2 at 0,
    # the others 2n - 3 at 1 and two at 0.
    same[0] = torch.tensor([1.2, 0.6, 0.0])
    loss = number(student.info_nce(same, same.clone(), temperature=0.2))
    alone, rest = math.exp(5) + 2 * n - 2, (2 * n - 3) * math.exp(5) + 2
    expected = (math.log(alone) + (n - 1) * math.log(rest)) / n - 5
    demand(matches(loss, expected), hint, (n, loss))


def with_gradients(
    student: Student, reference: Mapping[str, Tensor]
) -> tuple[Tensor | None, Tensor | None]:
    """The loss's gradients in both views of the case ``value``; None where there is none."""
    z_a, z_b = (z.requires_grad_(True) for z in views(reference, "value"))
    try:
        loss = student.info_nce(z_a, z_b, temperature=TEMPERATURE)
    except Crashed as error:
        first_loss(student, reference)  # what crashes without gradients too is told as such
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
@presumes(test_value)
def test_gradient(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient of the loss in both views is right."""
    grads = with_gradients(student, reference)
    finite = all(g is None or bool(g.isfinite().all()) for g in grads)
    demand(finite, "info_nce.gradient_not_finite")
    hint = told(student, reference, "info_nce.gradient")
    reached = [g is not None and bool(g.any()) for g in grads]
    demand(any(reached), "info_nce.no_gradient")
    demand(all(reached), "info_nce.one_branch_detached", reached)
    for grad, name in zip(grads, ("a", "b"), strict=True):
        assert grad is not None
        right = reference[f"value.grad_{name}"]
        off = float((grad.double() - right).abs().max() / right.abs().max())
        demand(off < 1e-3, hint, off)


@weigh(3)
@presumes(test_value, test_any_batch)
@rules.follows("temperature", "remembers")
def test_low_temperature(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss stays finite and right down to temperature 0.01 in float32."""
    hint = told(student, reference, "info_nce.underflow")
    for case in ("cold", "far"):
        z_a, z_b = (z.requires_grad_(True) for z in views(reference, case))
        loss = student.info_nce(z_a, z_b, temperature=0.01)
        value = number(loss)
        demand(math.isfinite(value), "info_nce.overflow", (case, value))
        demand(matches(value, reference[f"{case}.loss"], 1e-3), hint, (case, value))
        if loss.requires_grad:
            for grad in slopes(loss, z_a, z_b):
                demand(grad is None or bool(grad.isfinite().all()), "info_nce.gradient_not_finite")


@presumes(test_any_batch)
def test_batch_of_one(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A batch of one pair gives 0, unlike a batch of two: there is nothing to confuse it with."""
    hint = told(student, reference, "info_nce.batch_of_one")
    z_a, z_b = views(reference, "value")
    try:
        loss = number(student.info_nce(z_a[:1], z_b[:1], temperature=0.2))
    except Crashed as error:
        raise Wrong(hint, error.detail) from error
    demand(matches(loss, 0.0), hint, loss)
    two = shaped(student, reference, "2x3")
    demand(matches(two, reference["shape.2x3.loss"]), hint, two)


def test_float64(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Float64 views give a float64 loss, float32 views a float32 loss."""
    hint = told(student, reference, "info_nce.dtype")
    z_a, z_b = reference["value.z_a"], reference["value.z_b"]
    for dtype in (torch.float32, torch.float64):
        try:
            loss = student.info_nce(z_a.to(dtype), z_b.to(dtype), temperature=TEMPERATURE)
        except Crashed as error:
            raise Wrong(hint, error.detail) from error
        value = number(loss)
        demand(loss.dtype == dtype, "info_nce.dtype", (dtype, loss.dtype))
        demand(matches(value, reference["value.loss"]), hint, (dtype, value))
