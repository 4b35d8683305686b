"""Hidden suite of the part ``hubert``.

Values come from an independent float64 oracle in plain loops (reference/oracle_hubert.py). A
float32 loss of these logits is off by 1e-6; the nearest mistake is 1e-2 away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand, essential, nearest_mistake, presumes, weigh

TOLERANCE = 1e-4
ALPHA = 0.75
"""Of the case whose mistakes are known; neither half nor the default."""


def number(value: object) -> float:
    """The loss that a call returned, if it is one."""
    demand(isinstance(value, Tensor), "hubert.not_a_tensor", type(value).__name__)
    assert isinstance(value, Tensor)
    demand(value.is_floating_point(), "hubert.not_a_tensor", value.dtype)
    demand(value.numel() == 1, "hubert.not_a_number", tuple(value.shape))
    return float(value.detach().reshape(()))


def given(reference: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Logits, labels, mask and speech of the case whose mistakes are known."""
    mask, speech = reference["mask"].bool(), reference["speech"].bool()
    return reference["logits"].float(), reference["labels"].long(), mask, speech


def matches(value: float, expected: Tensor | float) -> bool:
    return close(value, float(expected), TOLERANCE, TOLERANCE)


def slope(loss: Tensor, logits: Tensor) -> Tensor:
    """The gradient in the logits; the student pays for a graph that cannot be walked."""
    demand(loss.requires_grad, "hubert.no_gradient")
    try:
        (grad,) = torch.autograd.grad(loss.reshape(()), logits, allow_unused=True)
    except Failure:
        raise
    except RuntimeError as error:
        raise blame(error) from error
    demand(grad is not None, "hubert.no_gradient")
    assert grad is not None
    return grad


@weigh(3)
@essential
def test_value(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is one number, in a tensor: the means of both sides, weighted by alpha."""
    loss = number(student.hubert_loss(*given(reference), alpha=ALPHA))
    if not matches(loss, reference[f"loss.{ALPHA}"]):
        known = {n: v for n, v in reference.items() if n.startswith("mistake.")}
        near = nearest_mistake(loss, known, "value")
        name = near.split(".")[1] if near in known else near
        demand(False, f"hubert.{name if math.isfinite(loss) else 'not_finite'}", loss)


@weigh(2)
@presumes(test_value)
def test_alpha(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Alpha may be anything from 0 to 1, and is 1 if not given."""
    for alpha in (0.25, 1.0, 0.0):
        loss = number(student.hubert_loss(*given(reference), alpha))
        demand(matches(loss, reference[f"loss.{alpha}"]), "hubert.alpha", (alpha, loss))
    loss = number(student.hubert_loss(*given(reference)))
    demand(matches(loss, reference["loss.1.0"]), "hubert.default_alpha", loss)


@weigh(2)
@presumes(test_value, test_alpha)
def test_empty_sides(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A side without tokens counts 0, and so does a batch without speech."""
    logits, labels, mask, speech = given(reference)
    all_speech = 0.75 * float(reference["mistake.all_speech"])
    cases = {
        "nothing masked, alpha 1": (mask & False, speech, 1.0, 0.0),
        "all masked, alpha 0": (speech, speech, 0.0, 0.0),
        "nothing visible, alpha 0.75": (speech, speech, 0.75, all_speech),
        "no speech": (mask & False, speech & False, 0.5, 0.0),
    }
    for name, (masked, spoken, alpha, expected) in cases.items():
        try:
            loss = number(student.hubert_loss(logits, labels, masked, spoken, alpha))
        except Crashed as error:
            raise Wrong("hubert.empty_side", f"{name}: {error.detail}") from error
        demand(matches(loss, expected), "hubert.empty_side", (name, loss))


@presumes(test_value, test_alpha)
def test_one_token(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The mean of a side that has one token is the loss of that token."""
    logits, labels, _, _ = given(reference)
    first = (torch.arange(labels.numel()) == 0).view(labels.shape)
    tokens = first, first.roll(1, 1)
    of_each = [float(-logits.double().log_softmax(2)[t][0, labels[t][0]]) for t in tokens]
    for alpha, expected in ((1.0, of_each[0]), (0.0, of_each[1])):
        loss = number(student.hubert_loss(logits, labels, first, tokens[0] | tokens[1], alpha))
        demand(matches(loss, expected), "hubert.one_token", (alpha, loss, expected))


@presumes(test_value, test_alpha, test_empty_sides)
def test_one_clip(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A batch may have a single clip."""
    for clip in range(len(reference["mask"])):
        logits, labels, mask, speech = (x[clip : clip + 1] for x in given(reference))
        of_each = -logits.double().log_softmax(2).gather(2, labels[:, :, None])[:, :, 0]
        sides = (of_each[side] for side in (mask, speech & ~mask))
        hidden, heard = (float(side.mean()) if len(side) else 0.0 for side in sides)
        try:
            loss = number(student.hubert_loss(logits, labels, mask, speech, ALPHA))
        except Crashed as error:
            raise Wrong("hubert.any_size", f"{clip}: {error.detail}") from error
        demand(matches(loss, ALPHA * hidden + (1 - ALPHA) * heard), "hubert.any_size", (clip, loss))


@weigh(2)
@presumes(test_value)
def test_gradient(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient in the logits is right: tokens of both sides get one, silence gets none."""
    logits, labels, mask, speech = given(reference)
    logits.requires_grad_(True)
    try:
        loss = student.hubert_loss(logits, labels, mask, speech, alpha=ALPHA)
    except Crashed as error:
        raise Wrong("hubert.no_gradient", error.detail) from error
    number(loss)
    grad = slope(loss, logits).double()
    off = float((grad - reference["gradient"]).abs().max())
    demand(off < 1e-4, "hubert.gradient", off)


@presumes(test_value)
def test_gradient_of_empty_sides(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient stays finite where a side has no tokens."""
    logits, labels, mask, speech = given(reference)
    for masked, alpha in ((mask & False, 0.5), (speech, 0.5)):
        x = logits.clone().requires_grad_(True)
        try:
            loss = student.hubert_loss(x, labels, masked, speech, alpha)
        except Crashed as error:
            raise Wrong("hubert.empty_side", error.detail) from error
        number(loss)
        demand(bool(slope(loss, x).isfinite().all()), "hubert.empty_gradient", alpha)


@presumes(test_value)
def test_large_logits(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Loss and gradient are finite and right for large logits."""
    _, _, mask, speech = given(reference)
    logits = reference["cold.logits"].float().requires_grad_(True)
    loss = student.hubert_loss(logits, reference["cold.labels"].long(), mask, speech, ALPHA)
    value = number(loss)
    demand(math.isfinite(value), "hubert.overflow", value)
    demand(matches(value, reference["cold.loss"]), "hubert.overflow", value)
    if loss.requires_grad:
        demand(bool(slope(loss, logits).isfinite().all()), "hubert.overflow")


@presumes(test_value)
def test_float64(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Float64 logits give a float64 loss, float32 logits a float32 loss."""
    logits, *rest = given(reference)
    for dtype in (torch.float32, torch.float64):
        try:
            loss = student.hubert_loss(logits.to(dtype), *rest, alpha=ALPHA)
        except Crashed as error:
            raise Wrong("hubert.dtype", error.detail) from error
        value = number(loss)
        demand(loss.dtype == dtype, "hubert.dtype", (dtype, loss.dtype))
        demand(matches(value, reference[f"loss.{ALPHA}"]), "hubert.dtype", (dtype, value))


def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Logits, labels, mask and speech are not modified."""
    student.hubert_loss(*given(reference), alpha=ALPHA)
    demand(not student.mutated, "hubert.modifies_input", student.mutated)
