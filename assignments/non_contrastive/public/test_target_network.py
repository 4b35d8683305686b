"""Public checks of the part ``target_network``."""

from __future__ import annotations

import math
from numbers import Real

import torch
from torch import Tensor

from autograder.lab.testing.student import Module, Student
from autograder.lab.testing.suite import close, demand


def pair(student: Student) -> tuple[Module, Module]:
    """A target and an online network, with different numbers everywhere."""
    target, online = student.SmallNet().eval(), student.SmallNet().eval()
    target.call("stir", 10)
    online.call("stir", 20)
    return target, online


def test_halfway(student: Student) -> None:
    """With momentum 0.5 every parameter moves halfway, the frozen offset too."""
    target, online = pair(student)
    slow, fast = target.state_dict(), online.state_dict()
    student.ema_update(target, online, 0.5)
    moved = target.state_dict()
    for name in ("layers.1.weight", "layers.1.bias", "offset"):
        demand(
            close(moved[name], (slow[name] + fast[name]) / 2, rtol=1e-4),
            f"{name} is not halfway between target and online network.",
        )


def test_buffers(student: Student) -> None:
    """Buffers take the online network's values."""
    target, online = pair(student)
    student.ema_update(target, online, 0.5)
    moved, fast = target.state_dict(), online.state_dict()
    for name in ("layers.0.running_mean", "layers.0.num_batches_tracked", "steps", "awake"):
        demand(close(moved[name], fast[name], rtol=1e-4), f"The buffer {name} is not the online's.")


def test_same_objects(student: Student) -> None:
    """Parameters and buffers are still the same objects, and no graph was recorded."""
    target, online = pair(student)
    student.ema_update(target, online, 0.5)
    demand(
        target.call("is_whole") is True,
        "Some parameter or buffer is a new object now. Write into those that are there.",
    )
    demand(target.call("has_graph") is False, "Autograd has watched the update.")


def test_online_is_kept(student: Student) -> None:
    """The online network stays as it is."""
    target, online = pair(student)
    kept = online.state_dict()
    student.ema_update(target, online, 0.5)
    for name, value in online.state_dict().items():
        demand(close(value, kept[name]), f"{name} of the online network has changed.")


def test_schedule(student: Student) -> None:
    """Of 4 steps from 0.9 the momenta are 0.9, 0.9146, 0.95, 0.9854 and 1."""
    for step, expected in enumerate((0.9, 0.914645, 0.95, 0.985355, 1.0)):
        momentum = student.momentum_at(step, 4, 0.9)
        if isinstance(momentum, Tensor) and momentum.numel() == 1:
            momentum = momentum.item()
        demand(
            isinstance(momentum, Real) and math.isclose(momentum, expected, rel_tol=1e-4),
            "Put step 0, 2 and 4 of 4 into the formula. Where does it begin, and where does it "
            "end?",
        )
