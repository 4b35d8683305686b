"""Public checks of the part ``data2vec``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand


def upper_layers(tokens: int = 200) -> list[Tensor]:
    """Three layers with levels and scales of their own."""
    generator = torch.Generator().manual_seed(0)
    return [
        scale * torch.randn(2, tokens, 3, generator=generator) + level
        for scale, level in ((1.0, 0.0), (5.0, 9.0), (0.5, -3.0))
    ]


def test_one_layer(student: Student) -> None:
    """Of one layer, each dimension of a clip has mean 0 and deviation 1."""
    made = student.teacher_targets(upper_layers(), top=1)
    demand(isinstance(made, Tensor) and made.shape == (2, 200, 3), "Return [batch, tokens, dim].")
    demand(close(made.mean(1), torch.zeros(2, 3), atol=1e-3), "The mean over tokens should be 0.")
    demand(close(made.std(1), torch.ones(2, 3), rtol=1e-2), "The deviation should be 1.")


def test_two_layers(student: Student) -> None:
    """The last two layers count alike, whatever their scales."""
    lower, middle, upper = upper_layers()
    both = student.teacher_targets([lower, middle, upper])
    parts = [student.teacher_targets([x], top=1) for x in (middle, upper)]
    made = all(isinstance(x, Tensor) and x.shape == (2, 200, 3) for x in (both, *parts))
    demand(made, "Return [batch, tokens, dim], however many layers there are.")
    demand(close(both, (parts[0] + parts[1]) / 2, atol=1e-4), "Normalise first, average then.")


def test_loss(student: Student) -> None:
    """Two masked tokens give the value worked out by hand."""
    prediction = torch.tensor([[[0.5, 3.0], [9.0, 9.0], [0.0, -2.0]]])
    masked = torch.tensor([[True, False, True]])
    # Differences .5, 3, 0, 2 at beta 2: .0625, 2, 0, 1.
    loss = student.regression_loss(prediction, torch.zeros(1, 3, 2), masked, beta=2.0)
    demand(isinstance(loss, Tensor) and loss.numel() == 1, "Return one number, in a tensor.")
    demand(close(loss.reshape(()), 3.0625 / 4), "Work out the four differences one by one.")


def test_gradient(student: Student) -> None:
    """Masked tokens of the prediction receive a gradient, visible ones none."""
    prediction = torch.ones(1, 2, 4, requires_grad=True)
    masked = torch.tensor([[True, False]])
    loss = student.regression_loss(prediction, torch.zeros(1, 2, 4), masked)
    linked = isinstance(loss, Tensor) and loss.requires_grad
    demand(linked, "The loss is cut off from the prediction.")
    (grad,) = torch.autograd.grad(loss.sum(), prediction)
    demand(bool((grad[0, 0] != 0).all()) and not grad[0, 1].any(), "Which tokens are masked?")
