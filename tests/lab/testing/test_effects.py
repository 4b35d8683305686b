"""A module's parameters are believed by what they do to its output."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from autograder.lab.testing.effects import follows, moving
from autograder.lab.testing.student import LocalModule, LocalStudent

STUDENT = LocalStudent({})
X = torch.randn(4, 6, generator=torch.Generator().manual_seed(1))


class Forged(LocalModule):
    """A module whose gradients are made up."""

    def gradients(self, x, cotangent):
        return {name: torch.randn_like(value) for name, value in self.state_dict().items()}


class Rounded(nn.Module):
    """Passes gradients on as if it did not round."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 8)

    def forward(self, x):
        z = self.layer(x)
        return z + ((z * 100).round() / 100 - z).detach()


class Idle(nn.Module):
    """Has parameters and does not use them, or only one of them."""

    def __init__(self):
        super().__init__()
        self.idle = nn.Parameter(torch.ones(6))
        self.shift = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        return x + self.shift


RIGHT = {
    "linear": lambda: nn.Linear(6, 8),
    "shift": Idle,
    "normalised": lambda: nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8)),
    "dropout": lambda: nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 4)),
    "bfloat16": lambda: nn.Linear(6, 8).bfloat16(),
    "straight through": Rounded,
}


def built(make, kind=LocalModule):
    torch.manual_seed(0)
    return kind(make())


@pytest.mark.parametrize("make", RIGHT.values(), ids=RIGHT)
@pytest.mark.parametrize("seed", range(5))
def test_what_learns_follows_its_gradients(make, seed):
    module = built(make)
    x = X.bfloat16() if make is RIGHT["bfloat16"] else X
    assert follows(STUDENT, module, x, seed)


@pytest.mark.parametrize("seed", range(5))
def test_made_up_gradients_are_not_followed(seed):
    assert not follows(STUDENT, built(lambda: nn.Linear(6, 8), Forged), X, seed)


def test_a_module_that_puts_out_no_numbers_follows_nothing():
    class Silent(nn.Linear):
        def forward(self, x):
            return None

    assert not follows(STUDENT, built(lambda: Silent(6, 8)), X, 0)


def test_only_the_parameters_that_are_used_move_the_output():
    module = built(Idle)
    assert moving(STUDENT, module, ["idle", "shift", "unknown"], X) == ["shift"]


def test_a_module_is_as_before_when_it_was_moved():
    module = built(lambda: nn.Linear(6, 8))
    before = module.state_dict()
    away = module.moved({"bias": torch.ones(8)}, X)
    assert torch.allclose(away, module(X) + 1)
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())


class Trembling(Forged):
    """Moves its output at random when its parameters are moved."""

    def moved(self, by, *args):
        return self(*args) + torch.randn(4, 8)


def test_an_output_that_moves_at_random_follows_nothing():
    torch.manual_seed(0)
    module = built(lambda: nn.Linear(6, 8), Trembling)
    assert not any(follows(STUDENT, module, X, seed) for seed in range(20))
