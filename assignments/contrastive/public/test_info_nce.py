"""Public checks of the part ``info_nce``."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand


def views(dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    """Two pairs in three dimensions."""
    z_a = torch.tensor([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]], dtype=dtype)
    return z_a, torch.tensor([[0.6, 0.8, 0.0], [0.0, 0.6, 0.8]], dtype=dtype)


def value(loss: object) -> object:
    """The loss without axes, if it is one number in a tensor."""
    one = isinstance(loss, Tensor) and loss.numel() == 1 and loss.is_floating_point()
    return loss.reshape(()) if isinstance(loss, Tensor) and one else None


def test_one_number(student: Student) -> None:
    """The loss of a batch is one number, in a tensor of the inputs' dtype."""
    for dtype in (torch.float32, torch.float64):
        loss = student.info_nce(*views(dtype))
        demand(
            value(loss) is not None,
            "Return one number for the whole batch, in a torch tensor so that it can be "
            "differentiated.",
        )
        demand(loss.dtype == dtype, "The loss should have the dtype of its inputs.")


def test_small_batch(student: Student) -> None:
    """Two pairs in three dimensions give the value worked out by hand."""
    loss = student.info_nce(*views(), temperature=1.0)
    demand(
        close(value(loss), 0.946015, rtol=1e-4),
        "Work out the four rows of this batch by hand: which similarities stand in each "
        "denominator, and are the rows of length one?",
    )


def test_all_views_alike(student: Student) -> None:
    """When all 2N views are alike, the loss is ln(2N - 1); with one clip unlike, it is less."""
    same = torch.ones(5, 4)
    loss = student.info_nce(same, same.clone())
    demand(
        close(value(loss), math.log(9), rtol=1e-4),
        "Among how many other views does a view look for its partner?",
    )
    same[0] = torch.tensor([1.0, -1.0, 1.0, -1.0])
    alone, others = math.exp(5) + 8, 7 * math.exp(5) + 2
    demand(
        close(
            value(student.info_nce(same, same.clone())),
            (math.log(alone) + 4 * math.log(others)) / 5 - 5,
            rtol=1e-4,
        ),
        "One clip is now at right angles to the others. Which cosines does each of its views see?",
    )


def test_low_temperature(student: Student) -> None:
    """The loss stays finite at temperature 0.01."""
    loss = student.info_nce(*views(), temperature=0.01)
    demand(
        value(loss) is not None and math.isfinite(loss),
        "exp(1 / 0.01) does not fit into float32. Can the logarithm of the sum be computed "
        "without it?",
    )


def test_gradient(student: Student) -> None:
    """Both views receive a gradient."""
    z_a, z_b = (z.requires_grad_(True) for z in views())
    loss = student.info_nce(z_a, z_b)
    demand(
        value(loss) is not None and loss.requires_grad,
        "The loss is cut off from its inputs.",
    )
    try:
        grads = torch.autograd.grad(loss.sum(), (z_a, z_b), allow_unused=True)
    except RuntimeError as error:
        raise blame(error) from error
    demand(
        all(g is not None and bool(g.any()) for g in grads),
        "One of the two views receives no gradient. Is it detached?",
    )
