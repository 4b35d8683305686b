"""Public checks of the part ``siamese``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand


def rows(*values: tuple[float, float]) -> Tensor:
    return torch.tensor(values)


def plain(loss: object) -> object:
    """The loss without axes, if it is a tensor of one number."""
    return loss.reshape(()) if isinstance(loss, Tensor) and loss.numel() == 1 else None


def test_two_rows(student: Student) -> None:
    """Two rows whose cosines are 0.8 and 0 give -0.4, whatever their lengths."""
    p, z = rows((3.0, 4.0), (0.0, 2.0)), rows((0.0, 9.0), (5.0, 0.0))
    demand(
        close(plain(student.negative_cosine(p, z)), -0.4, rtol=1e-4),
        "Work out the cosine of both pairs of rows by hand. Is the loss a tensor of one number, "
        "and the mean over the rows?",
    )


def test_stopped(student: Student) -> None:
    """A gradient reaches p and none reaches z."""
    p, z = rows((3.0, 4.0), (0.0, 2.0)), rows((0.0, 9.0), (5.0, 1.0))
    loss = student.negative_cosine(p.requires_grad_(), z.requires_grad_())
    demand(
        plain(loss) is not None and loss.requires_grad,
        "The loss is cut off from both of its inputs.",
    )
    try:
        grad_p, grad_z = torch.autograd.grad(loss.sum(), (p, z), allow_unused=True)
    except RuntimeError as error:
        raise blame(error) from error
    demand(
        grad_p is not None and bool(grad_p.any()),
        "No gradient reaches p, which is to learn to predict z.",
    )
    demand(
        grad_z is None or not bool(grad_z.any()),
        "A gradient reaches z, which is to be taken as a constant.",
    )


def test_both_directions(student: Student) -> None:
    """Each view predicts the other one, and each direction counts half."""
    right, up = rows((1.0, 0.0), (2.0, 0.0)), rows((0.0, 3.0), (0.0, 1.0))
    for vectors, expected in (
        ((right, up, up, right), -1.0),
        ((right, up, right, up), 0.0),
        ((right, right, up, right), -0.5),
        ((right, right, right, up), -0.5),
    ):
        demand(
            close(plain(student.siamese_loss(*vectors)), expected, rtol=1e-4, atol=1e-4),
            "Which of the four vectors is p_a to agree with, which p_b, and how much does each "
            "direction count?",
        )


def test_float64(student: Student) -> None:
    """Float64 in, float64 out."""
    z = rows((3.0, 4.0), (0.0, 2.0)).double()
    for loss in (student.negative_cosine(z, z), student.siamese_loss(z, z, z, z)):
        demand(
            isinstance(loss, Tensor) and loss.dtype == torch.float64,
            "The loss should have the dtype of its inputs.",
        )
