"""Public checks of the part ``objective``."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from autograder.lab.testing.student import Module, Student
from autograder.lab.testing.suite import demand


def listening(clips: int) -> list[Tensor]:
    """Two views of some clips: slow waves over bands and frames, and a little noise."""
    generator = torch.Generator().manual_seed(4)
    tune = torch.arange(clips).view(-1, 1, 1) + torch.linspace(0, 7, 40).view(-1, 1)
    clean = torch.sin(
        tune * (1 + torch.arange(clips).view(-1, 1, 1) / clips) + torch.linspace(0, 3, 48)
    )
    return [clean + 0.1 * torch.randn(clean.shape, generator=generator) for _ in range(2)]


def made(student: Student, dim: int = 32) -> tuple[Module, Module]:
    """A small encoder, and the objective that was made for it."""
    listener = student.SmallEncoder(dim)
    objective = student.Objective(listener)
    demand(isinstance(objective, Module), "Objective should be a class that extends nn.Module.")
    assert isinstance(objective, Module)
    return listener, objective


def test_loss(student: Student) -> None:
    """The loss of two batches of views is one finite number, in train and in eval mode."""
    for dim in (32, 20):
        _, objective = made(student, dim)
        for ready in (objective.train(), objective.eval()):
            loss = ready(*listening(10))
            demand(
                isinstance(loss, Tensor) and loss.numel() == 1 and math.isfinite(loss),
                f"forward should return one finite number, for an encoder of {dim} dimensions too.",
            )


def test_projections(student: Student) -> None:
    """project gives a vector for each clip, in eval mode for a single clip too."""
    _, objective = made(student)
    for clips in (10, 1):
        z = objective.eval().call("project", listening(10)[0][:clips])
        demand(
            isinstance(z, Tensor) and z.ndim == 2 and len(z) == clips,
            "project should return [batch, any].",
        )


def test_step(student: Student) -> None:
    """A step can be made: the loss reaches what the encoder heard, and after_step is called."""
    _, objective = made(student)
    view_a, view_b = (view.requires_grad_() for view in listening(10))
    loss = objective.train()(view_a, view_b)
    demand(isinstance(loss, Tensor) and loss.requires_grad, "The loss cannot be differentiated.")
    grads = torch.autograd.grad(loss.sum(), (view_a, view_b), allow_unused=True)
    demand(
        any(grad is not None and bool(grad.any()) for grad in grads),
        "No gradient comes through the encoder. Is it called under no_grad, or its output "
        "detached, on both sides?",
    )
    objective.call("after_step", 0, 2)
    objective.call("after_step", 1, 2)


def test_encoder_inside(student: Student) -> None:
    """The encoder that is given is part of the module, itself and not a copy."""
    encoder, objective = made(student)
    encoder.call("mark", 0.375)
    held = [bool((value == 0.375).all()) for value in objective.state_dict().values()]
    demand(
        any(held),
        "The encoder's weights were changed, and the objective does not know of it. Assign the "
        "encoder itself to an attribute of the module.",
    )


def test_eval_mode(student: Student) -> None:
    """In eval mode nothing in the module changes."""
    _, objective = made(student)
    objective.train()(*listening(10))
    before = objective.eval().state_dict()
    objective(*listening(6))
    held = objective.state_dict()
    demand(
        all(torch.equal(held[name], value) for name, value in before.items()),
        "Something is updated in forward. Is self.training asked first?",
    )
