"""Public checks of the part ``latent_space``."""

from __future__ import annotations

import math
from numbers import Real

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand


def square() -> Tensor:
    """Four unit vectors: squared distances 2 along the sides, 4 along the diagonals."""
    return torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])


def is_near(value: object, expected: float) -> bool:
    """Whether a number, or a tensor that holds one, is ``expected``."""
    if isinstance(value, Tensor) and value.numel() == 1:
        value = float(value)
    try:
        return isinstance(value, Real) and close(float(value), expected, rtol=1e-4, atol=1e-5)
    except OverflowError:
        return False


def test_alignment(student: Student) -> None:
    """Alignment is the mean squared distance between the two views of a clip."""
    demand(
        is_near(student.alignment(square(), square()), 0.0),
        "Views that are equal should have an alignment of 0.",
    )
    demand(
        is_near(student.alignment(square(), square()[[0, 2, 3, 1]]), 2.0),
        "Here the squared distances of the pairs are 0, 2, 2 and 4. What is their mean?",
    )


def test_uniformity(student: Student) -> None:
    """Uniformity is the logarithm of the mean Gaussian potential over all pairs of clips."""
    sides_and_diagonals = math.log((4 * math.exp(-4) + 2 * math.exp(-8)) / 6)
    demand(
        is_near(student.uniformity(square()), sides_and_diagonals),
        "The corners of a square make six pairs. Which pairs does your mean run over, and does "
        "the logarithm come last?",
    )


def test_knn(student: Student) -> None:
    """Each test clip gets the label of most of its nearest training clips."""
    train_z = torch.tensor(
        [[1.0, 0.1], [1.0, 0.0], [9.0, -1.0], [0.1, 1.0], [0.0, 1.0], [-0.1, 1.0]]
    )
    train_y = torch.tensor([1, 1, 1, 7, 7, 7])
    test_z = torch.tensor([[0.5, 0.02], [0.3, 4.0], [5.0, 0.1], [0.1, 0.2]])
    test_y = torch.tensor([1, 7, 7, 7])
    demand(
        is_near(student.knn_accuracy(train_z, train_y, test_z, test_y, k=3), 0.75),
        "Three of these four clips lie among clips of their own label. Is nearness a cosine, and "
        "is the accuracy a share between 0 and 1?",
    )
