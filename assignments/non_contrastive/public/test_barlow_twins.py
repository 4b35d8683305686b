"""Public checks of the part ``barlow_twins``."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand


def signs(*columns: str) -> Tensor:
    """Columns of +1 and -1, a character for each clip."""
    return torch.tensor(
        [[1.0 if c == "+" else -1.0 for c in row] for row in zip(*columns, strict=True)]
    )


def among(loss: object, biased: float, unbiased: float) -> bool:
    """Whether a loss is one number, by one deviation or the other."""
    if not isinstance(loss, Tensor) or loss.numel() != 1:
        return False
    value = loss.detach().reshape(())
    return any(close(value, v, rtol=2e-3, atol=2e-3) for v in (biased, unbiased))


def test_perfect(student: Student) -> None:
    """Views that agree, in columns that do not correlate, cost nothing (or 1/8, unbiased)."""
    z = signs("++--", "+-+-")
    demand(
        among(student.barlow_twins(z, z.clone(), 1.0), 0.0, 2 * 0.25**2),
        "Write down the matrix of these four clips: is its diagonal 1, or 3/4 with the unbiased "
        "deviation, and the rest 0? Is the loss a tensor of one number?",
    )
    demand(
        among(student.barlow_twins(3 * z + 1, z - 5, 1.0), 0.0, 2 * 0.25**2),
        "Here every column is scaled and shifted. What should a correlation make of that?",
    )


def test_twice_the_same(student: Student) -> None:
    """Two columns that say the same cost 2 lambda (9/8 lambda and 1/8, unbiased)."""
    z = signs("++--", "++--")
    demand(
        among(student.barlow_twins(z, z.clone(), 0.5), 1.0, 0.125 + 0.5 * 2 * 0.75**2),
        "All four entries of the matrix are the same here. What does each of them cost?",
    )


def test_unrelated_views(student: Student) -> None:
    """Views that have nothing in common cost 1 for every dimension."""
    z_a, z_b = signs("++++----", "++--++--"), signs("+-+-+-+-", "+--+-++-")
    demand(
        among(student.barlow_twins(z_a, z_b), 2.0, 2.0),
        "The matrix is 0 everywhere here, and it should be 1 on the diagonal.",
    )


def test_constant_column(student: Student) -> None:
    """A constant column gives a finite loss and a finite gradient."""
    z_a, z_b = (torch.tensor([[0.5, 1.0], [0.5, -2.0], [0.5, 4.0]]) for _ in range(2))
    z_a.requires_grad_()
    loss = student.barlow_twins(z_a, z_b)
    demand(
        isinstance(loss, Tensor) and loss.numel() == 1 and math.isfinite(loss),
        "What is a column of zeros divided by its deviation?",
    )
    demand(loss.requires_grad, "The loss is cut off from its inputs.")
    try:
        (grad,) = torch.autograd.grad(loss.sum(), z_a)
    except RuntimeError as error:
        raise blame(error) from error
    demand(
        bool(grad.isfinite().all()),
        "The loss is finite and its gradient is not. What is the slope of a root at 0?",
    )
