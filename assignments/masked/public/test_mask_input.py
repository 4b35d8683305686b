"""Public checks of the part ``mask_input``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand

MEL = torch.arange(2 * 40 * 6.0).reshape(2, 40, 6)
MASK = torch.tensor([[False, True, False], [False, False, True]])
VECTOR = -torch.arange(40.0)


def test_value(student: Student) -> None:
    """Token i is frames 2i and 2i + 1."""
    out = student.mask_input(MEL, MASK, VECTOR)
    demand(isinstance(out, Tensor) and out.shape == MEL.shape, "The shape of the log-mel is kept.")
    demand(close(out[0, :, 2:4], VECTOR[:, None].expand(40, 2)), "Token 1 is frames 2 and 3.")
    demand(close(out[0, :, [0, 1, 4, 5]], MEL[0, :, [0, 1, 4, 5]]), "What is visible stays.")
    demand(close(out[1, :, :4], MEL[1, :, :4]), "Every clip has a mask of its own.")


def test_gradient(student: Student) -> None:
    """The vector gets a gradient."""
    vector = VECTOR.clone().requires_grad_(True)
    out = student.mask_input(MEL, MASK, vector)
    linked = isinstance(out, Tensor) and out.requires_grad
    demand(linked, "The result is cut off from the vector.")
    (grad,) = torch.autograd.grad(out.sum(), vector, allow_unused=True)
    demand(close(grad, torch.full((40,), 4.0)), "The vector stands in four frames here.")


def test_log_mel_is_left_alone(student: Student) -> None:
    """The log-mel passed in keeps its values."""
    student.mask_input(MEL.clone(), MASK, VECTOR)
    demand(not student.mutated, "Your function writes into the log-mel that it was given.")
