"""Public checks of the part ``pseudo_labels``."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand

POINTS = torch.tensor([[0.0, 0.0], [1.0, 0.0], [4.0, 4.0], [5.0, 4.0], [4.0, 7.0]])
MIDDLES = torch.tensor([[0.0, 1.0], [5.0, 5.0], [-9.0, 9.0]])
"""The third is nearest to no point."""


def test_nearest(student: Student) -> None:
    """Five points in a plane go to the nearer of two centroids."""
    found = student.nearest(POINTS, MIDDLES)
    is_index = isinstance(found, Tensor) and found.dtype == torch.long and found.shape == (5,)
    demand(is_index, "Return one index of dtype long for each row of frames.")
    demand(found.tolist() == [0, 0, 1, 1, 1], "Which centroid has the smaller distance?")


def test_step(student: Student) -> None:
    """A centroid moves to the mean of its points, and stays if it has none."""
    moved = student.kmeans_step(POINTS, MIDDLES)
    demand(isinstance(moved, Tensor) and moved.shape == (3, 2), "Return centroids [k, dim].")
    demand(close(moved[:2], torch.tensor([[0.5, 0.0], [13 / 3, 5.0]])), "Work out both means.")
    demand(close(moved[2], MIDDLES[2]), "What becomes of a centroid without points?")


def test_start(student: Student) -> None:
    """Without steps, k-means returns different rows of the frames."""
    rows = torch.arange(24.0).reshape(12, 2)
    one, two = (student.kmeans(rows, 5, 0, torch.Generator().manual_seed(s)) for s in (1, 2))
    demand(isinstance(one, Tensor) and one.shape == (5, 2), "Return centroids [k, dim].")
    numbers = one[:, 0].tolist()
    demand(set(numbers) <= set(rows[:, 0].tolist()), "Begin at rows of the frames.")
    demand(len(set(numbers)) == 5, "Some row is drawn twice.")
    demand(not close(one, two), "Two seeds of the generator give the same rows.")


def test_clusters(student: Student) -> None:
    """Two clouds of points get a centroid each."""
    noise = torch.randn(60, 2, generator=torch.Generator().manual_seed(0))
    clouds = noise + torch.tensor([[-20.0, 0.0], [20.0, 0.0]]).repeat(30, 1)
    found = student.kmeans(clouds, 2, 10, torch.Generator().manual_seed(3))
    demand(isinstance(found, Tensor) and found.shape == (2, 2), "Return centroids [k, dim].")
    demand(found[:, 0].sign().sum() == 0, "After ten steps there should be one in each cloud.")
