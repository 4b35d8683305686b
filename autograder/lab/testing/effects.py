"""What a module's parameters do, seen in what the module puts out.

Gradients and states that a worker tells of are its word. A step along a gradient that it told is
therefore taken through the wall, and the output looked at: it must rise where the gradient says so,
and fall on the way back. To forge that is to compute with parameters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed
from autograder.lab.testing.randomness import real, twin
from autograder.lab.testing.student import Module, Student

SIZES = (1e-2, 1e-1, 1e-3)
"""Lengths of a step, of the parameters' own length: large for what rounds, small for what bends."""

_PULLS = 6
_SHARE = 0.05
"""Of what a gradient promises: a step that bends or rounds keeps more, one at random has less."""


def follows(student: Student, module: Module, x: Tensor, seed: int) -> bool:
    """Whether the output moves with the parameters as the module's gradients say.

    The gradients of six random pulls at the output are asked for; then a step along each, and one
    against it, are taken in an order that cannot be guessed. In eval mode or, if the output does
    not follow there, in train mode, in which the module is left. An output that moves at random
    follows with a chance of 2e-3.

    Args:
        student: whose global random sources are seeded before every pass.
        module: that has made an output already.
        x: given to it.
        seed: of what is random here.

    Raises:
        Failure: how a pass ended in train mode.
    """
    module.eval()
    try:
        if _follows(student, module, x, seed):
            return True
    except Crashed:
        pass  # such as one that records no graph then
    finally:
        module.train()
    return _follows(student, module, x, seed)


def _follows(student: Student, module: Module, x: Tensor, seed: int) -> bool:
    student.seed(seed)
    start = real(module(x))
    if start is None:
        return False
    pulls = torch.randn(_PULLS, *start.shape, generator=twin(seed))
    slopes = []
    for pull in pulls:
        student.seed(seed)
        slopes.append(_plain(module.gradients(x, pull)))
    state = _plain(module.state_dict())
    # What begins at zero has no length of its own.
    length = _length(state[name].abs().clamp_min(0.05) for name in slopes[0] if name in state)
    turns = torch.randperm(2 * _PULLS, generator=twin(seed + 1)).tolist()

    def rises(which: int, sign: int, size: float) -> bool:
        slope, steep = slopes[which], _length(slopes[which].values())
        step = {name: sign * size * length / steep * by for name, by in slope.items()}
        student.seed(seed)
        end = real(module.moved(step, x))
        if end is None or end.shape != start.shape:
            return False
        rise = sign * float(((end - start) * pulls[which]).double().sum())
        return rise > _SHARE * size * length * steep

    def all_rise(size: float) -> bool:
        return all(rises(turn // 2, 1 - 2 * (turn % 2), size) for turn in turns)

    return all(slopes) and any(map(all_rise, SIZES))


def moving(student: Student, module: Module, names: Iterable[str], x: Tensor) -> list[str]:
    """Those of the parameters ``names`` whose change changes the output for ``x``."""
    state = _plain(module.state_dict())

    def output(change: Mapping[str, Tensor]) -> Tensor | None:
        student.seed(0)
        return real(module.moved(change, x))

    def moves(name: str) -> bool:
        value = state[name]
        noise = torch.randn(value.shape, generator=twin(0), dtype=value.dtype)
        before = output({})
        after = output({name: 0.1 * value.abs().mean().clamp_min(0.1) * noise})
        return before is not None and after is not None and not torch.equal(before, after)

    return [name for name in names if name in state and moves(name)]


def _plain(state: Mapping[str, object]) -> dict[str, Tensor]:
    """The finite tensors among what was told of parameters."""
    found = {name: real(value) for name, value in state.items()}
    return {name: v for name, v in found.items() if v is not None and bool(v.isfinite().all())}


def _length(values: Iterable[Tensor]) -> float:
    return max(math.sqrt(sum(float(v.double().square().sum()) for v in values)), 1e-12)
