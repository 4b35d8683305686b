"""Hidden suite of the part ``data2vec``.

Values come from an independent float64 oracle in plain loops (reference/oracle_data2vec.py). A
deviation over six tokens may be biased or unbiased, which differ by 9.5 %, and nothing between.
Columns have deviations of .5 and more: a constant of 1e-4 in the variance moves a target by
4e-4, one in the deviation by 6e-4; mistakes move one by 5e-2 and more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import (
    as_tensor,
    close,
    demand,
    differ,
    nearest_mistake,
    presumes,
    weigh,
)

TOLERANCE = 1e-4
NORMALISED = 2e-3
BETA = 0.5
"""Of the case whose mistakes are known; unlike the default."""


def layers_of(reference: Mapping[str, Tensor]) -> list[Tensor]:
    """Four layers [3, 6, 5], float32."""
    return list(reference["layers"].float().unbind())


def checked(result: object, like: Tensor) -> Tensor:
    """``result`` in float64, if it is targets shaped like one layer."""
    demand(isinstance(result, Tensor), "data2vec.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    demand(result.is_floating_point(), "data2vec.not_a_tensor", result.dtype)
    demand(result.shape == like.shape, "data2vec.targets_shape", tuple(result.shape))
    return result.detach().double()


def alike(a: Tensor, b: Tensor) -> bool:
    """Whether ``a`` is ``b``, but for a factor that another reading of a deviation makes."""
    factor = float((a * b).sum() / (b * b).sum())
    return 0.7 < factor < 1.4 and close(a, factor * b, 1e-2, 1e-2)


def is_right(targets: Tensor, reference: Mapping[str, Tensor], top: int) -> bool:
    """Whether ``targets`` are right with a biased or an unbiased deviation."""
    ways = (reference[f"targets.{top}"], reference[f"unbiased.{top}"])
    return any(close(targets, way, NORMALISED, NORMALISED) for way in ways)


@weigh(3)
def test_targets(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Targets are the mean of the last layers, each normalised over the tokens of a clip."""
    layers = layers_of(reference)
    targets = checked(student.teacher_targets(list(layers), 2), layers[0])
    if not is_right(targets, reference, 2):
        known = [(n, v) for n, v in reference.items() if n.startswith("targets.mistake.")]
        made = [name.split(".")[2] for name, value in known if alike(targets, value)]
        if not made:
            # What a constant does to a deviation is lost where deviations are large.
            loud = student.teacher_targets([1e4 * layer for layer in layers], 2)
            right = is_right(checked(loud, layers[0]), reference, 2)
            made = ["large_constant"] if right else []
        finite = bool(targets.isfinite().all())
        demand(False, f"data2vec.{[*made, 'targets' if finite else 'not_finite'][0]}")


@presumes(test_targets)
def test_top(student: Student, reference: Mapping[str, Tensor]) -> None:
    """As many layers are averaged as are asked for, two if not given."""
    layers = layers_of(reference)
    for top in (1, 3, 4):
        try:
            targets = checked(student.teacher_targets(list(layers), top), layers[0])
        except Crashed as error:
            raise Wrong("data2vec.top", f"{top}: {error.detail}") from error
        demand(is_right(targets, reference, top), "data2vec.top", top)
    targets = checked(student.teacher_targets(list(layers)), layers[0])
    demand(is_right(targets, reference, 2), "data2vec.default_top")


@presumes(test_targets)
def test_constant_dimension(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A dimension that is constant over a clip gives finite targets."""
    layers = layers_of(reference)
    layers[-1][0, :, 2] = 0.5
    layers[-2][1, :, 0] = -4.0
    targets = checked(student.teacher_targets(list(layers), 2), layers[0])
    demand(bool(targets.isfinite().all()), "data2vec.constant")
    same = any(close(targets, layer) for layer in layers)
    demand(not same, "data2vec.not_normalised", "one of the layers")
    other = checked(student.teacher_targets([-layer for layer in layers], 2), layers[0])
    demand(differ(targets, other), "data2vec.targets", "the same for other layers")


@presumes(test_targets, test_top)
def test_any_layers(student: Student) -> None:
    """Any number of clips, dimensions, layers, and of tokens from two on is fine."""
    generator = torch.Generator().manual_seed(3)
    for count, shape in ((2, (1, 9, 4)), (6, (2, 2, 3)), (1, (4, 7, 2))):
        layers = [torch.randn(shape, generator=generator) for _ in range(count)]
        try:
            result = student.teacher_targets(list(layers), 1)
        except Crashed as error:
            raise Wrong("data2vec.any_layers", f"{count} {shape}: {error.detail}") from error
        seen = tuple(result.shape) if isinstance(result, Tensor) else None
        demand(seen == shape, "data2vec.any_layers", (count, shape, seen))
        targets, last = checked(result, layers[0]), layers[-1].double()
        deviation = [last.std(1, correction=c, keepdim=True) for c in (0, 1)]
        ways = [(last - last.mean(1, keepdim=True)) / d for d in deviation]
        # Random columns of few tokens may have a small deviation.
        wide = (deviation[0] > 0.3).expand_as(last)
        right = any(close(targets[wide], way[wide], 1e-2, 1e-2) for way in ways)
        demand(right, "data2vec.any_layers", (count, shape))


def number(value: object) -> float:
    """The loss that a call returned, if it is one."""
    demand(isinstance(value, Tensor), "data2vec.not_a_tensor", type(value).__name__)
    assert isinstance(value, Tensor)
    demand(value.is_floating_point(), "data2vec.not_a_tensor", value.dtype)
    demand(value.numel() == 1, "data2vec.not_a_number", tuple(value.shape))
    return float(value.detach().reshape(()))


def given(reference: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Prediction, targets and mask."""
    return reference["prediction"].float(), reference["target"].float(), reference["mask"].bool()


def matches(value: float, expected: Tensor | float) -> bool:
    return close(value, float(expected), TOLERANCE, TOLERANCE)


@weigh(3)
def test_value(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is one number, in a tensor, and has the right value."""
    loss = number(student.regression_loss(*given(reference), beta=BETA))
    if not matches(loss, reference[f"loss.{BETA}"]):
        known = {n: v for n, v in reference.items() if n.startswith("loss.mistake.")}
        near = nearest_mistake(loss, known, "value")
        name = near.split(".")[2] if near in known else near
        demand(False, f"data2vec.{name if math.isfinite(loss) else 'not_finite'}", loss)


@presumes(test_value)
def test_beta(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is right for every beta, which is 1 if not given."""
    for beta in (0.25, 1.0, 3.0):
        loss = number(student.regression_loss(*given(reference), beta))
        demand(matches(loss, reference[f"loss.{beta}"]), "data2vec.beta", (beta, loss))
    loss = number(student.regression_loss(*given(reference)))
    demand(matches(loss, reference["loss.1.0"]), "data2vec.default_beta", loss)


@weigh(2)
@presumes(test_value)
def test_gradient(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient in the prediction is right; visible tokens get none."""
    prediction, targets, mask = given(reference)
    prediction.requires_grad_(True)
    try:
        loss = student.regression_loss(prediction, targets, mask, beta=BETA)
    except Crashed as error:
        raise Wrong("data2vec.no_gradient", error.detail) from error
    number(loss)
    demand(loss.requires_grad, "data2vec.no_gradient")
    try:
        (grad,) = torch.autograd.grad(loss.reshape(()), prediction, allow_unused=True)
    except Failure:
        raise
    except RuntimeError as error:
        raise blame(error) from error
    demand(grad is not None and bool(grad.any()), "data2vec.no_gradient")
    known = as_tensor(grad)
    assert known is not None
    off = float((known - reference["gradient"]).abs().max())
    demand(off < 1e-5, "data2vec.gradient", off)


@presumes(test_value)
def test_equal(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Where prediction and target are equal, loss and gradient are finite, and the loss is 0."""
    prediction, _, mask = given(reference)
    x = prediction.clone().requires_grad_(True)
    loss = student.regression_loss(x, prediction, mask, beta=BETA)
    demand(matches(number(loss), 0.0), "data2vec.equal", number(loss))
    target, _, mask = given(reference)
    apart = number(student.regression_loss(target + 1, target, mask, beta=BETA))
    demand(differ(number(loss), apart), "data2vec.equal", apart)
    if loss.requires_grad:
        (grad,) = torch.autograd.grad(loss.reshape(()), x, allow_unused=True)
        demand(grad is None or bool(grad.isfinite().all()), "data2vec.equal", "gradient")


@presumes(test_value)
def test_float64(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss has the dtype of the prediction, float32 or float64."""
    prediction, targets, mask = given(reference)
    for dtype in (torch.float32, torch.float64):
        try:
            loss = student.regression_loss(prediction.to(dtype), targets.to(dtype), mask, beta=BETA)
        except Crashed as error:
            raise Wrong("data2vec.dtype", error.detail) from error
        value = number(loss)
        demand(loss.dtype == dtype, "data2vec.dtype", (dtype, loss.dtype))
        demand(matches(value, reference[f"loss.{BETA}"]), "data2vec.dtype", (dtype, value))


def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Prediction, targets and mask are not modified, nor are the layers of the teacher."""
    prediction, targets, mask = given(reference)
    losses = []
    for x in (prediction, prediction + 1):
        losses.append(number(student.regression_loss(x, targets, mask, BETA)))
        demand(not student.mutated, "data2vec.modifies_input", student.mutated)
    demand(differ(*losses), "data2vec.value", losses)
    found = []
    for layers in (layers_of(reference), [-layer for layer in layers_of(reference)]):
        found.append(checked(student.teacher_targets(layers, 2), layers_of(reference)[0]))
        demand(not student.mutated, "data2vec.modifies_input", student.mutated)
    demand(differ(*found), "data2vec.targets")
