"""Public checks of the part ``vicreg``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand


def clips(*columns: tuple[float, ...]) -> Tensor:
    """A batch from its columns."""
    return torch.tensor(columns).T.contiguous()


def plain(loss: object) -> object:
    """The term without axes, if it is a tensor of one number."""
    return loss.reshape(()) if isinstance(loss, Tensor) and loss.numel() == 1 else None


def test_invariance(student: Student) -> None:
    """Of four numbers one differs by 2: the invariance is 1."""
    z = clips((1.0, 5.0), (0.0, -3.0))
    demand(
        close(plain(student.invariance(z, z + torch.tensor([[0.0, 0.0], [0.0, 2.0]]))), 1.0),
        "A squared difference of 4, in four numbers. Is the term a tensor of one number?",
    )


def test_variance(student: Student) -> None:
    """Columns of deviation 0.5 and 3 lack 0.5 and nothing to gamma 1."""
    z = clips((0.5, 1.0, 0.0), (-3.0, 0.0, 3.0))
    demand(
        close(plain(student.variance(z)), 0.24995, rtol=1e-3),
        "What does each of the two columns lack to a deviation of 1, and what is the mean? Mind "
        "that 0.5 is the unbiased deviation here.",
    )
    demand(
        close(plain(student.variance(z, gamma=4.0)), 2.24994, rtol=1e-3),
        "With gamma 4 both columns lack something.",
    )


def test_covariance(student: Student) -> None:
    """Columns of variance 1 and 4 that rise together have a covariance of 2, and cost 4."""
    z = clips((-1.0, 0.0, 1.0), (3.0, 5.0, 7.0))
    demand(
        close(plain(student.covariance(z)), 4.0, rtol=1e-4),
        "Write down the covariance matrix of these three clips. Which entries are squared and "
        "summed, and what are they divided by?",
    )


def test_sum(student: Student) -> None:
    """The weights multiply invariance, mean of variances, and sum of covariances."""
    z_a, z_b = clips((-1.0, 0.0, 1.0), (3.0, 5.0, 7.0)), clips((0.1, 0.1, 0.1), (5.0, 5.0, 5.0))
    for weights, expected in (
        ((1.0, 0.0, 0.0), (2.03 + 8.0) / 6),
        ((0.0, 1.0, 0.0), 0.99 / 2),
        ((0.0, 0.0, 1.0), 4.0),
    ):
        demand(
            close(plain(student.vicreg(z_a, z_b, *weights)), expected, rtol=1e-3),
            "Here all weights but one are 0. Which term is left, and is it averaged or added over "
            "the two views?",
        )


def test_gradient(student: Student) -> None:
    """Both views get a gradient, and a collapsed batch a finite one."""
    z_a, z_b = clips((-1.0, 0.5, 1.0), (3.0, 3.1, 3.2)), clips((0.5, 0.5, 0.5), (1.0, 1.0, 1.0))
    loss = student.vicreg(z_a.requires_grad_(), z_b.requires_grad_())
    demand(
        plain(loss) is not None and loss.requires_grad,
        "The loss is cut off from its inputs, or is not one number.",
    )
    try:
        grads = torch.autograd.grad(loss.sum(), (z_a, z_b), allow_unused=True)
    except RuntimeError as error:
        raise blame(error) from error
    demand(
        all(g is not None and bool(g.any()) for g in grads),
        "One of the two views receives no gradient.",
    )
    demand(
        all(g is not None and bool(g.isfinite().all()) for g in grads),
        "The second view is collapsed, and its gradient is not finite. What is the slope of a "
        "root at 0?",
    )
