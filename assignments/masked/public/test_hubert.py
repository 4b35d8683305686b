"""Public checks of the part ``hubert``."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand

LOGITS = torch.tensor([[[math.log(3), 0.0], [0.0, 0.0], [0.0, math.log(7)], [9.0, 0.0]]])
"""Chances of the first cluster: 3/4, 1/2, 1/8, and nearly 1 in silence."""
LABELS = torch.zeros(1, 4, dtype=torch.long)
HIDDEN = torch.tensor([[True, False, False, False]])
SPOKEN = torch.tensor([[True, True, True, False]])


def value(loss: object) -> object:
    """The loss without axes, if it is one number in a tensor."""
    return loss.reshape(()) if isinstance(loss, Tensor) and loss.numel() == 1 else None


def test_by_hand(student: Student) -> None:
    """Four tokens and two clusters give the value worked out by hand."""
    hidden, seen = math.log(4 / 3), (math.log(2) + math.log(8)) / 2
    for alpha in (1.0, 0.0, 0.25):
        loss = student.hubert_loss(LOGITS, LABELS, HIDDEN, SPOKEN, alpha=alpha)
        demand(value(loss) is not None, "Return one number, in a torch tensor.")
        demand(
            close(value(loss), alpha * hidden + (1 - alpha) * seen),
            f"At alpha {alpha:g}: which tokens are masked, and which visible speech?",
        )


def test_nothing_hidden(student: Student) -> None:
    """With nothing masked, the masked side is 0."""
    loss = student.hubert_loss(LOGITS, LABELS, HIDDEN & False, SPOKEN)
    demand(close(value(loss), 0.0), "What is the mean over no tokens in your code?")


def test_gradient(student: Student) -> None:
    """The logits receive a gradient."""
    logits = LOGITS.clone().requires_grad_(True)
    loss = student.hubert_loss(logits, LABELS, HIDDEN, SPOKEN, alpha=0.5)
    linked = isinstance(loss, Tensor) and loss.requires_grad
    demand(linked, "The loss is cut off from the logits.")
    (grad,) = torch.autograd.grad(loss.sum(), logits)
    demand(bool((grad[0, :3] != 0).all()), "Some token of speech gets no gradient.")
    demand(not grad[0, 3].any(), "Silence gets a gradient.")
