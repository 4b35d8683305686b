"""Hidden suite of the part ``objective``: what can be seen without training.

Which objective is a good one is for the training run to say. These are its conditions: a module
that keeps the encoder, gives a finite loss and projections, and leaves alone what is not its own.
It is asked with small encoders of two widths (``SmallEncoder`` of the setup cell) and a few
log-mels that look like speech.
"""

from __future__ import annotations

from collections.abc import Mapping

import math

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Missing, Wrong
from autograder.lab.testing.student import Module, Student, blame
from autograder.lab.testing.suite import demand, essential, weigh

WIDTHS = (24, 40)
MARK = 0.71875
"""A number that float32 holds exactly and that no initialisation gives."""


def build(student: Student, dim: int = WIDTHS[0]) -> tuple[Module, Module]:
    """An encoder and an objective that was made for it, from a fixed seed."""
    student.seed(5)
    encoder = student.SmallEncoder(dim)
    objective = student.Objective(encoder)
    demand(isinstance(objective, Module), "objective.not_a_module", type(objective).__name__)
    assert isinstance(objective, Module)
    return encoder, objective


def views(reference: Mapping[str, Tensor], clips: int) -> list[Tensor]:
    """Two views of a few clips, in which a loss can be differentiated."""
    return [reference[f"view_{side}"][:clips].requires_grad_(True) for side in "ab"]


def number(loss: object) -> float:
    """The loss that a call returned, if it is one finite number."""
    demand(isinstance(loss, Tensor), "objective.not_a_tensor", type(loss).__name__)
    assert isinstance(loss, Tensor)
    seen = (loss.dtype, tuple(loss.shape))
    demand(loss.numel() == 1 and loss.is_floating_point(), "objective.not_a_number", seen)
    value = float(loss.detach().reshape(()))
    demand(math.isfinite(value), "objective.not_finite", value)
    return value


def projected(objective: Module, view: Tensor) -> Tensor:
    """What ``project`` makes of ``view``: finite rows, [batch, any]."""
    z = objective.call("project", view)
    demand(isinstance(z, Tensor), "objective.projection", type(z).__name__)
    assert isinstance(z, Tensor)
    shaped = z.ndim == 2 and len(z) == len(view) and z.is_floating_point()
    demand(shaped, "objective.projection", (tuple(view.shape), tuple(z.shape), z.dtype))
    demand(bool(z.isfinite().all()), "objective.not_finite", "project")
    return z.detach()


def moves(loss: Tensor, inputs: list[Tensor]) -> bool:
    """Whether a loss can be differentiated in what the encoder heard."""
    try:
        grads = torch.autograd.grad(loss.reshape(()), inputs, allow_unused=True)
    except Failure:
        raise
    except RuntimeError as error:
        raise blame(error) from error
    return any(grad is not None and bool(grad.any()) for grad in grads)


def parameters(objective: Module) -> int:
    """Number of parameters; one that has no shape yet does not exist."""
    try:
        return objective.parameter_count()
    except (Crashed, ValueError, RuntimeError) as error:
        raise Wrong("objective.lazy", str(error)) from error


@weigh(0)
@essential
def test_objective(student: Student, reference: Mapping[str, Tensor]) -> None:
    """An objective is a module that gives one finite number for two batches of views."""
    for dim in WIDTHS:
        try:
            _, objective = build(student, dim)
            number(objective.train()(*views(reference, 12)))
        except Crashed as error:
            if dim == WIDTHS[0]:
                raise
            raise Wrong("objective.other_encoder", f"{dim}: {error.detail}") from error


@weigh(0)
@essential
def test_modes(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is finite in train and in eval mode, for batches of any size from 2 on."""
    _, objective = build(student)
    for clips in (12, 5, 16, 2):
        for mode in ("train", "eval"):
            if (clips, mode) == (2, "train"):
                continue  # a batch normalisation of two clips may end in anything
            ready = objective.train() if mode == "train" else objective.eval()
            try:
                number(ready(*views(reference, clips)))
            except Crashed as error:
                hint = "objective.eval_mode" if mode == "eval" else "objective.any_batch"
                if clips == 12 and mode == "train":
                    raise
                raise Wrong(hint, f"{clips} {mode}: {error.detail}") from error


@weigh(0)
@essential
def test_project(student: Student, reference: Mapping[str, Tensor]) -> None:
    """project gives [batch, any] in both modes, in eval mode for a single clip too."""
    _, objective = build(student)
    view = reference["view_a"]
    try:
        projected(objective.train(), view[:12])
        objective(*views(reference, 12))
    except Missing as error:
        raise Wrong("objective.no_project", error.name) from error
    try:
        widths = {projected(objective.eval(), view[:n]).shape[1] for n in (12, 3, 1)}
    except Crashed as error:
        raise Wrong("objective.eval_mode", error.detail) from error
    demand(len(widths) == 1, "objective.projection", widths)


@weigh(0)
@essential
def test_after_step(student: Student, reference: Mapping[str, Tensor]) -> None:
    """after_step can be called after each step, first and last."""
    _, objective = build(student)
    try:
        for step in range(3):
            number(objective.train()(*views(reference, 12)))
            objective.call("after_step", step, 3)
        number(objective(*views(reference, 12)))
    except Missing as error:
        raise Wrong("objective.no_after_step", error.name) from error


@weigh(0)
@essential
def test_keeps_the_encoder(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The encoder that is given is kept inside the module: that one, and not a copy."""
    encoder, objective = build(student)
    parameters(objective)
    before = objective.state_dict()
    encoder.call("mark", MARK)
    marked = [
        name
        for name, value in objective.state_dict().items()
        if value.shape == (WIDTHS[0], 40) and bool((value == MARK).all())
    ]
    copied = [name for name, value in before.items() if value.shape == (WIDTHS[0], 40)]
    demand(marked, "objective.copy" if copied else "objective.encoder_lost", sorted(before))


@weigh(0)
@essential
def test_trains_the_encoder(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Learning reaches the encoder: the loss can be differentiated through it."""
    encoder, objective = build(student)
    demand(all(encoder.call("learns")), "objective.frozen_encoder")
    reached = False
    for step in range(3):
        inputs = views(reference, 12)
        loss = objective.train()(*inputs)
        number(loss)
        reached = reached or (loss.requires_grad and moves(loss, inputs))
        objective.call("after_step", step, 3)
    demand(reached, "objective.no_gradient")


@weigh(0)
@essential
def test_parameters_exist(student: Student, reference: Mapping[str, Tensor]) -> None:
    """All parameters exist after construction: none is made by a first call."""
    _, objective = build(student)
    before = parameters(objective)
    objective.train()(*views(reference, 12))
    objective.call("after_step", 0, 3)
    demand(parameters(objective) == before, "objective.lazy", (before, parameters(objective)))


@weigh(0)
@essential
def test_state_in_eval_mode(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In eval mode nothing in the module changes."""
    _, objective = build(student)
    number(objective.train()(*views(reference, 12)))
    objective.call("after_step", 0, 3)
    kept = objective.eval().state_dict()
    number(objective(*views(reference, 12)))
    projected(objective, reference["view_b"][:5])
    number(objective(*views(reference, 5)))
    changed = [name for name, v in objective.state_dict().items() if not torch.equal(v, kept[name])]
    demand(not changed, "objective.state_in_eval", changed)


@weigh(0)
@essential
def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The views are not modified."""
    _, objective = build(student)
    for mode in (objective.train, objective.eval):
        mode()(*views(reference, 12))
        demand(not objective.mutated, "objective.in_place", objective.mutated)
        objective.call("project", reference["view_a"])
        demand(not objective.mutated, "objective.in_place", objective.mutated)
