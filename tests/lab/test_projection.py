"""The picture of a latent space: the same every time, of directions, and never an error."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from autograder.lab.projection import choose, tsne


def clusters(clips: int = 60, dim: int = 8) -> torch.Tensor:
    """Three clouds far apart in direction, [clips, dim]."""
    generator = torch.Generator().manual_seed(0)
    noise = 0.1 * torch.randn(clips, dim, generator=generator)
    return torch.eye(dim)[torch.arange(clips) % 3] + noise


def test_the_picture_is_the_same_twice_and_ignores_length():
    embeddings = clusters()
    first = tsne(embeddings)
    assert first.shape == (60, 2)
    assert np.array_equal(tsne(embeddings), first)
    assert np.allclose(tsne(4 * embeddings), first, atol=1e-2)


def test_what_belongs_together_lies_together():
    points = tsne(clusters())
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    nearest = distance.argmin(1)
    assert np.mean(nearest % 3 == np.arange(60) % 3) == 1


@pytest.mark.parametrize("shape", [(0, 8), (3, 8), (20, 1)])
def test_too_little_for_a_picture_is_a_picture_of_nothing(shape):
    assert np.array_equal(tsne(torch.ones(shape)), np.zeros((shape[0], 2)))


ALIKE = {
    "nothing": torch.zeros(20, 4),
    "one point": torch.ones(20, 4),
    "one direction": torch.linspace(1, 9, 20)[:, None] * torch.ones(20, 4),
    "huge": torch.full((20, 4), 3e38),
    "all but alike": torch.ones(20, 4) + 1e-7 * torch.eye(20, 4),
}


@pytest.mark.parametrize("name", ALIKE)
def test_embeddings_that_are_all_alike_are_one_point(name):
    """Given these, scikit-learn ends the process."""
    assert np.array_equal(tsne(ALIKE[name]), np.zeros((20, 2)))


ODD = {
    "one that differs": torch.eye(20, 4),
    "two points": torch.eye(4)[torch.arange(20) % 2],
    "two signs": torch.tensor([1.0, -1.0])[torch.arange(20) % 2, None] * torch.ones(20, 4),
    "barely two": torch.ones(20, 4) + 1e-5 * torch.eye(20, 4),
    "far apart": torch.cat([torch.full((1, 4), 3e38), torch.randn(19, 4)]),
    "very small": 1e-38 * clusters(20, 4),
    "very large": 1e38 * clusters(20, 4),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_embeddings_can_be_laid_out(name):
    points = tsne(ODD[name])
    assert np.isfinite(points).all()
    assert np.ptp(points) > 0


def test_of_many_clips_some_are_chosen_the_same_every_time_and_in_order():
    chosen = choose(1000, 200)
    assert len(chosen.unique()) == 200
    assert torch.equal(chosen, choose(1000, 200))
    assert torch.equal(chosen, chosen.sort().values)
    assert not torch.equal(chosen, choose(1000, 200, seed=1))
    assert torch.equal(choose(7, 200), torch.arange(7))
