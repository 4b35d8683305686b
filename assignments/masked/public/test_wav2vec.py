"""Public checks of the part ``wav2vec``."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand

HIDDEN = torch.tensor([[1, 1, 1, 0, 1], [0, 0, 1, 0, 0], [0, 1, 0, 1, 1]]).bool()
"""Four, one and three masked tokens: positions 0 to 3, 4, and 5 to 7."""


def drawn(student: Student, seed: int = 0) -> Tensor:
    """Six distractors for each masked token."""
    found = student.sample_distractors(
        HIDDEN.clone(), 6, generator=torch.Generator().manual_seed(seed)
    )
    is_long = isinstance(found, Tensor) and found.dtype == torch.long
    demand(is_long and found.shape == (8, 6), "Return positions, long [masked tokens, count].")
    return found


def test_distractors(student: Student) -> None:
    """Distractors are other masked tokens of the same clip; one that is alone gets -1."""
    for seed in range(5):
        for own, row in enumerate(drawn(student, seed).tolist()):
            clip = range(4) if own < 4 else range(4, 5) if own == 4 else range(5, 8)
            others = set(clip) - {own} or {-1}
            demand(set(row) <= others, f"Token {own} may draw {sorted(others)}, not {row}.")


def test_same_state(student: Student) -> None:
    """A generator in the same state gives the same distractors, another state others."""
    demand(torch.equal(drawn(student, 1), drawn(student, 1)), "Is the generator used everywhere?")
    demand(not torch.equal(drawn(student, 1), drawn(student, 2)), "Is the generator used at all?")


TARGETS = torch.tensor([[2.0, 0.0], [0.0, 3.0], [2.0, 0.0]])
CONTEXT = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 5.0]])


def test_loss(student: Student) -> None:
    """Three tokens in a plane give the value worked out by hand."""
    # Token 0: cosine 1 against 0 twice. Token 1: 0 against 1. Token 2: its rival is its equal.
    value = student.wav2vec_loss(
        CONTEXT, TARGETS, torch.tensor([[1, 1], [0, -1], [0, -1]]), temperature=1.0
    )
    demand(isinstance(value, Tensor) and value.numel() == 1, "Return one number, in a tensor.")
    by_hand = (math.log(1 + 2 / math.e) + math.log(1 + math.e)) / 3
    demand(
        close(value.reshape(()), by_hand),
        "Work out the three terms: which distractors are left out, and of how many is the mean?",
    )


def test_gradient(student: Student) -> None:
    """Context and targets receive a gradient."""
    context, targets = CONTEXT.clone().requires_grad_(True), TARGETS.clone().requires_grad_(True)
    loss = student.wav2vec_loss(context + 0.1, targets + 0.2, torch.tensor([[1], [2], [1]]))
    linked = isinstance(loss, Tensor) and loss.requires_grad
    demand(linked, "The loss is cut off from its inputs.")
    grads = torch.autograd.grad(loss.sum(), (context, targets), allow_unused=True)
    demand(all(g is not None and g.any() for g in grads), "Is one of the two detached?")
