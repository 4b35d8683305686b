"""Hidden suite of the part ``vicreg``.

Values come from an independent float64 oracle in plain loops (reference/oracle_vicreg.py), on
batches with strong covariance, where the forms that people mix up differ by at least ten
tolerances. Float32 rounding is below 1e-5 of a value. Each of the four functions is worth a
quarter of the part.
"""

from __future__ import annotations

from collections.abc import Mapping

import math

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand, differ, nearest_mistake, presumes, weigh

TOLERANCE = 1e-3
GAMMA = 1.5
WEIGHTS = {"sim": 2.5, "var": 7.0, "cov": 1.6}
TERMS = ("invariance", "variance", "covariance", "vicreg")
SHAPES = ("shape.2x2", "shape.3x7", "shape.25x3")


def number(loss: object, dtype: torch.dtype = torch.float32) -> float:
    """The term that a call returned, if it is one number of ``dtype``."""
    demand(isinstance(loss, Tensor), "vicreg.not_a_tensor", type(loss).__name__)
    assert isinstance(loss, Tensor)
    demand(loss.shape in ((), (1,)), "vicreg.not_a_number", tuple(loss.shape))
    demand(loss.dtype == dtype, "vicreg.dtype", (dtype, loss.dtype))
    return float(loss.detach().reshape(()))


def near(value: float, expected: Tensor) -> bool:
    return close(value, float(expected), rtol=TOLERANCE, atol=1e-4)


def demand_value(value: float, reference: Mapping[str, Tensor], case: str, term: str) -> None:
    """Demand the oracle's value; else name the mistake that gives ``value``."""
    if near(value, reference[f"{case}.{term}"]):
        return
    demand(math.isfinite(value), "vicreg.not_finite", (term, value))
    mistakes = {name: v for name, v in reference.items() if name.startswith(f"mistake.{term}.")}
    nearest = nearest_mistake(value, mistakes, f"vicreg.{term}", rtol=5e-4)
    hint = f"vicreg.{nearest.split('.')[2]}" if nearest in mistakes else nearest
    demand(False, hint, (term, value))


def views(reference: Mapping[str, Tensor], case: str) -> list[Tensor]:
    """Float32 copies of a case's inputs."""
    return [reference[f"{case}.z_{side}"].float() for side in "ab"]


def ask(student: Student, term: str, z: list[Tensor]) -> object:
    """A term of two views, or of the first of them."""
    if term == "variance":
        return student.variance(z[0], gamma=1.0)
    return student.call(term, *(z[:1] if term == "covariance" else z))


def everywhere(student: Student, reference: Mapping[str, Tensor], term: str) -> None:
    """Demand a term at every shape."""
    for case in SHAPES:
        try:
            value = number(ask(student, term, views(reference, case)))
        except Crashed as error:
            raise Wrong("vicreg.any_batch", f"{term} {case}: {error.detail}") from error
        demand(near(value, reference[f"{case}.{term}"]), "vicreg.any_batch", (term, case, value))


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


@weigh(3)
def test_invariance(student: Student, reference: Mapping[str, Tensor]) -> None:
    """invariance is the mean over batch and dimensions of the squared difference."""
    value = number(ask(student, "invariance", views(reference, "value")))
    demand_value(value, reference, "value", "invariance")
    everywhere(student, reference, "invariance")


@weigh(2)
def test_variance(student: Student, reference: Mapping[str, Tensor]) -> None:
    """variance is the mean over the dimensions of what the deviation lacks to gamma."""
    value = number(student.variance(views(reference, "value")[0], gamma=GAMMA))
    demand_value(value, reference, "gamma", "variance")
    everywhere(student, reference, "variance")


@weigh(0.5)
@presumes(test_variance)
def test_gamma(student: Student, reference: Mapping[str, Tensor]) -> None:
    """gamma is 1 when none is given."""
    value = number(student.variance(views(reference, "value")[0]))
    demand(near(value, reference["value.variance"]), "vicreg.default_gamma", value)


@weigh(0.5)
@presumes(test_variance, test_gamma)
def test_variance_of_collapsed_rows(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Where nothing varies, 0.01 is left of the deviation: 1e-4 stands under the root."""
    for z in (*views(reference, "collapsed"), torch.full((2, 3), 0.5)):
        value = number(student.variance(z))
        demand(close(value, 0.99, rtol=0, atol=1e-3), "vicreg.epsilon", value)


@weigh(3)
def test_covariance(student: Student, reference: Mapping[str, Tensor]) -> None:
    """covariance is the sum of the squared covariances of different dimensions, over dim."""
    value = number(ask(student, "covariance", views(reference, "value")))
    demand_value(value, reference, "value", "covariance")
    everywhere(student, reference, "covariance")


@weigh(1.5)
@presumes(test_invariance, test_variance, test_gamma, test_covariance)
def test_vicreg(student: Student, reference: Mapping[str, Tensor]) -> None:
    """vicreg weighs the invariance, the mean of the variances and the sum of the covariances."""
    value = number(student.vicreg(*views(reference, "value"), **WEIGHTS))
    demand_value(value, reference, "weights", "vicreg")
    value = number(student.vicreg(*views(reference, "value"), *WEIGHTS.values()))
    demand(near(value, reference["weights.vicreg"]), "vicreg.order_of_weights", value)


@weigh(0.5)
@presumes(test_vicreg)
def test_default_weights(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The weights are 25, 25 and 1 when none are given."""
    value = number(student.vicreg(*views(reference, "value")))
    demand(near(value, reference["value.vicreg"]), "vicreg.default_weights", value)
    everywhere(student, reference, "vicreg")


@weigh(0.5)
@presumes(test_gamma, test_vicreg)
def test_nothing_of_a_term(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A weight may be 0, and so may gamma."""
    views_agree = float(reference["value.invariance"])
    sim, var, cov = WEIGHTS.values()
    rest = float(reference["weights.vicreg"]) - sim * views_agree
    for weights, right in (((sim, 0.0, 0.0), sim * views_agree), ((0.0, var, cov), rest)):
        value = number(student.vicreg(*views(reference, "value"), *weights))
        demand(near(value, torch.tensor(right)), "vicreg.zero_argument", (weights, value))
    value = number(student.variance(views(reference, "value")[0], 0.0))
    demand(near(value, torch.tensor(0.0)), "vicreg.zero_argument", ("gamma", value))


@weigh(1)
@presumes(test_invariance, test_variance, test_covariance, test_vicreg)
def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The inputs keep their numbers and their flags."""
    for flag in (False, True):
        for term in TERMS:
            inputs = [z.requires_grad_(flag) for z in views(reference, "value")]
            try:
                value = number(ask(student, term, inputs))
            except Crashed as error:
                if flag and ("in-place" in error.detail or "leaf" in error.detail):
                    raise Wrong("vicreg.in_place", error.detail) from error
                raise
            demand(not student.mutated, "vicreg.in_place", (term, student.mutated))
            other = number(ask(student, term, views(reference, "collapsed")))
            demand(differ(value, other), f"vicreg.{term}", (value, other))


@weigh(1)
@presumes(test_vicreg, test_inputs_are_kept)
def test_gradient(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient of vicreg in both views is right."""
    inputs = [z.requires_grad_(True) for z in views(reference, "value")]
    loss = student.vicreg(*inputs, **WEIGHTS)
    number(loss)
    grads = slopes(loss, inputs)
    reached = [grad is not None and bool(grad.any()) for grad in grads]
    demand(any(reached), "vicreg.no_gradient")
    demand(all(reached), "vicreg.one_branch_detached", reached)
    for side, grad in zip("ab", grads, strict=True):
        assert grad is not None
        demand(bool(grad.isfinite().all()), "vicreg.gradient_not_finite", side)
        right = reference[f"weights.grad_{side}"]
        off = float((grad.double() - right).abs().max() / right.abs().max())
        demand(off < 5e-3, "vicreg.gradient", (side, off))


@weigh(1)
@presumes(test_vicreg, test_default_weights, test_inputs_are_kept)
def test_collapsed_batch(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Value and gradient of every term are finite, and right, when all rows are the same."""
    for term in TERMS:
        inputs = [z.requires_grad_(True) for z in views(reference, "collapsed")]
        loss = ask(student, term, inputs)
        value = number(loss)
        demand(math.isfinite(value), "vicreg.collapsed", (term, value))
        assert isinstance(loss, Tensor)
        finite = [g is None or bool(g.isfinite().all()) for g in slopes(loss, inputs)]
        demand(all(finite), "vicreg.collapsed_gradient", (term, finite))
        expected = reference[f"collapsed.{term}"]
        demand(close(value, float(expected), 1e-3, 2e-3), "vicreg.collapsed", (term, value))


@weigh(1)
@presumes(test_vicreg, test_default_weights, test_inputs_are_kept)
def test_float64(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Float64 views give float64 terms."""
    z = [reference[f"value.z_{side}"] for side in "ab"]
    for term in TERMS:
        try:
            value = number(ask(student, term, z), torch.float64)
        except Crashed as error:
            raise Wrong("vicreg.dtype", f"{term}: {error.detail}") from error
        demand(near(value, reference[f"value.{term}"]), "vicreg.dtype", (term, value))
