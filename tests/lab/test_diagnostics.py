"""Label-free signs tell a collapsed run from a healthy one."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from autograder.lab.diagnostics import negative_cosine, retrieval_top1


def random(clips: int, dim: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(clips, dim, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("clips", [2, 3, 17])
def test_negative_cosine_is_the_mean_over_pairs_of_different_clips(clips):
    z = random(clips, 5)
    cosines = [F.cosine_similarity(z[i], z[j], dim=0) for i in range(clips) for j in range(i)]
    assert negative_cosine(z) == pytest.approx(float(torch.stack(cosines).mean()), abs=1e-6)


def test_negative_cosine_is_one_when_every_clip_looks_alike():
    assert negative_cosine(random(1, 8).repeat(6, 1)) == pytest.approx(1)


def test_retrieval_is_perfect_for_equal_views_and_near_chance_for_unrelated_ones():
    z = random(100, 16)
    assert retrieval_top1(z, 3 * z) == 1
    assert retrieval_top1(z, random(100, 16, seed=1)) < 0.05


def test_retrieval_counts_both_directions():
    z_a = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    z_b = torch.tensor([[1.0, 0.1], [1.0, 0.2]])
    nearest = {0: 2, 1: 3, 2: 3, 3: 2}
    partner = {0: 2, 1: 3, 2: 0, 3: 1}
    expected = sum(nearest[i] == partner[i] for i in range(4)) / 4
    assert retrieval_top1(z_a, z_b) == expected
