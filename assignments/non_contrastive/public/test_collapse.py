"""Public checks of the part ``collapse``."""

from __future__ import annotations

import torch

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand


def corners() -> torch.Tensor:
    """The eight corners of a cube, which stick out in all directions alike."""
    return torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 3)


def test_deviation_of_a_cube(student: Student) -> None:
    """The corners of a cube are spread: deviation 1, or 1.07 with the unbiased deviation."""
    for z in (corners(), 5 * corners()):
        value = student.feature_deviation(z)
        demand(
            close(value, 1.0, rtol=1e-4) or close(value, (8 / 7) ** 0.5, rtol=1e-4),
            "Work it out for the corners of a cube: rows of which length, which deviation of each "
            "coordinate, and what makes it 1?",
        )


def test_deviation_of_a_ray(student: Student) -> None:
    """Rows on one ray have collapsed: deviation 0."""
    ray = torch.tensor([[1.0, 2.0, 2.0]]) * torch.tensor([[1.0], [2.0], [4.0]])
    demand(
        close(student.feature_deviation(ray), 0.0, atol=1e-3),
        "These rows differ in length alone. What of that should be left?",
    )


def test_rank_of_a_cube(student: Student) -> None:
    """The corners of a cube use three directions alike: rank 3."""
    demand(
        close(student.effective_rank(corners()), 3.0, rtol=1e-3),
        "All three singular values are the same here. What are their shares, and their entropy?",
    )


def test_rank_of_two_lengths(student: Student) -> None:
    """Singular values 3 and 1 give shares of 3/4 and 1/4, and rank 1.7548."""
    z = torch.zeros(64, 2, dtype=torch.float64)
    z[0, 0], z[1, 1] = 3.0, 1.0
    demand(
        close(student.effective_rank(z), 1.7548, rtol=1e-3),
        "Compute the entropy of the shares 3/4 and 1/4 by hand, and take its exponential.",
    )


def test_rank_with_an_idle_dimension(student: Student) -> None:
    """A dimension that is always 0 changes nothing."""
    z = torch.cat([corners().repeat(8, 1), torch.zeros(64, 1)], dim=1).double()
    demand(
        close(student.effective_rank(z), 3.0, rtol=1e-3),
        "One singular value is 0 here. What is 0 ln 0 in your sum?",
    )
