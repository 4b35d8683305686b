"""Hidden suite of the part ``target_network``.

`ema_update` is asked by its effect on two small networks of the setup cell (``SmallNet``): what
they put out, what they hold, and whether their parameters are still the same objects. Numbers
lie between 1 and 9 and differ between the two networks, so every known mistake is at least ten
tolerances away. `momentum_at` is compared with its formula in Python floats.
"""

from __future__ import annotations

import math
from numbers import Real

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Missing, Wrong
from autograder.lab.testing.student import Module, Student
from autograder.lab.testing.suite import close, demand, essential, presumes, weigh

PARAMETERS = ("offset", "layers.1.weight", "layers.1.bias")
AVERAGES = ("layers.0.running_mean", "layers.0.running_var")
COUNTS = ("layers.0.num_batches_tracked", "steps", "awake")
INPUT = torch.linspace(-2, 3, 24).view(4, 6)


def networks(student: Student, target: int = 13, online: int = 28) -> tuple[Module, Module]:
    """Two networks of one structure with different numbers in them, in eval mode."""
    pair = student.SmallNet().eval(), student.SmallNet().eval()
    for network, seed in zip(pair, (target, online), strict=True):
        network.call("stir", seed)
    return pair


def update(student: Student, target: Module, online: Module, momentum: object) -> object:
    """One update, in which a graph could be recorded."""
    try:
        with torch.enable_grad():
            return student.ema_update(target, online, momentum)
    except Crashed as error:
        if "leaf" in error.detail:
            raise Wrong("target_network.graph", error.detail) from error
        if "result type" in error.detail:
            raise Wrong("target_network.buffers_crash", error.detail) from error
        raise


def mixture(before: dict[str, Tensor], online: dict[str, Tensor], m: float) -> dict[str, Tensor]:
    """What the parameters of a target are to become."""
    return {name: m * before[name] + (1 - m) * online[name] for name in PARAMETERS}


def output(state: dict[str, Tensor]) -> Tensor:
    """What a network that holds ``state`` puts out in eval mode."""
    mean, var = (state[name] for name in AVERAGES)
    offset, weight, bias = (state[name] for name in PARAMETERS)
    return (INPUT - mean) / (var + 1e-5).sqrt() @ weight.T + bias + offset


@weigh(2)
@essential
def test_parameters(student: Student) -> None:
    """Every parameter becomes momentum * target + (1 - momentum) * online, the frozen one too."""
    target, online = networks(student)
    before, aim = target.state_dict(), online.state_dict()
    update(student, target, online, 0.75)
    after, right = target.state_dict(), mixture(before, aim, 0.75)
    wrong = [name for name in PARAMETERS if not close(after[name], right[name], rtol=1e-4)]
    if not wrong:
        answers = close(target(INPUT), output(after | right), rtol=1e-3, atol=1e-3)
        demand(answers, "target_network.parameters", "what it holds is not what it computes with")
        return
    unmoved = [name for name in wrong if close(after[name], before[name], rtol=1e-4)]
    frozen = wrong == ["offset"]
    demand(not (frozen and unmoved), "target_network.frozen_left_out", wrong)
    swapped = mixture(before, aim, 0.25)
    turned = all(close(after[name], swapped[name], rtol=1e-4) for name in PARAMETERS)
    demand(not turned, "target_network.momentum_swapped")
    moved = [name for name in PARAMETERS if not close(online.state_dict()[name], aim[name])]
    demand(not moved, "target_network.online_moved", moved)
    demand(len(unmoved) < len(PARAMETERS), "target_network.nothing_moved")
    copied = all(close(after[name], aim[name], rtol=1e-4) for name in PARAMETERS)
    demand(not copied, "target_network.copied")
    demand(len(wrong) == len(PARAMETERS), "target_network.some_parameters", wrong)
    demand(False, "target_network.parameters", wrong)


@presumes(test_parameters)
def test_any_momentum(student: Student) -> None:
    """The momentum is any number from 0 to 1, a float or a scalar tensor."""
    for momentum in (0.9, 0.0, 1.0, 0.5, 0.996, torch.tensor(0.9), torch.tensor(0.0)):
        target, online = networks(student)
        before, aim = target.state_dict(), online.state_dict()
        try:
            update(student, target, online, momentum)
        except Crashed as error:
            raise Wrong("target_network.any_momentum", f"{momentum}: {error.detail}") from error
        after, right = target.state_dict(), mixture(before, aim, float(momentum))
        for name in PARAMETERS:
            same = close(after[name], right[name], rtol=1e-4)
            demand(same, "target_network.any_momentum", (momentum, name))
        answers = close(target(INPUT), output(after | right), rtol=1e-3, atol=1e-3)
        demand(answers, "target_network.any_momentum", momentum)


@weigh(2)
def test_buffers(student: Student) -> None:
    """Every buffer takes the value of the online's, running statistics, integers and booleans."""
    for momentum in (0.25, 0.0, 1.0):
        target, online = networks(student)
        before, aim = target.state_dict(), online.state_dict()
        update(student, target, online, momentum)
        after = target.state_dict()
        unlike = [n for n in (*AVERAGES, *COUNTS) if not close(after[n], aim[n], rtol=1e-5)]
        if unlike:
            kept = all(close(after[name], before[name], rtol=1e-5) for name in unlike)
            demand(not kept or momentum == 1.0, "target_network.buffers_left_out", unlike)
            demand(False, "target_network.buffers", (momentum, unlike))
        kinds = [name for name in COUNTS if after[name].dtype != before[name].dtype]
        demand(not kinds, "target_network.buffers", kinds)


@weigh(2)
@presumes(test_parameters, test_any_momentum, test_buffers)
def test_outputs(student: Student) -> None:
    """With momentum 0 the target answers as the online network does."""
    target, online = networks(student)
    update(student, target, online, 0.0)
    same = close(target(INPUT), online(INPUT), rtol=1e-4, atol=1e-4)
    demand(same, "target_network.outputs")


@weigh(2)
def test_same_objects(student: Student) -> None:
    """Parameters and buffers stay the same Python objects."""
    target, online = networks(student)
    for momentum in (0.75, 0.0, 1.0):
        update(student, target, online, momentum)
        demand(target.call("is_whole") is True, "target_network.new_objects", momentum)
    demand(online.call("is_whole") is True, "target_network.new_objects", "online")


@weigh(2)
def test_own_tensors(student: Student) -> None:
    """What happens to the one network afterwards does not change the other."""
    for momentum in (0.75, 0.0):
        target, online = networks(student)
        update(student, target, online, momentum)
        kept = target.state_dict()
        online.call("stir", 3)
        shared = [
            name for name, value in target.state_dict().items() if not close(value, kept[name])
        ]
        demand(not shared, "target_network.shared", (momentum, shared))


def test_flags(student: Student) -> None:
    """Every parameter keeps its requires_grad, and no graph is recorded."""
    target, online = networks(student)
    flags = [network.call("learns") for network in (target, online)]
    for _ in range(2):
        update(student, target, online, 0.75)
    for network, before in zip((target, online), flags, strict=True):
        demand(network.call("has_graph") is False, "target_network.graph")
        demand(network.call("learns") == before, "target_network.requires_grad", before)


def test_online_is_kept(student: Student) -> None:
    """The online network stays as it is, and nothing is returned."""
    target, online = networks(student)
    before = online.state_dict()
    returned = update(student, target, online, 0.75)
    moved = [name for name, value in online.state_dict().items() if not close(value, before[name])]
    demand(not moved, "target_network.online_moved", moved)
    demand(returned is None, "target_network.returns", type(returned).__name__)


@presumes(test_parameters, test_any_momentum, test_online_is_kept)
def test_repeated(student: Student) -> None:
    """Many updates in a row come to the online network, by a factor of the momentum each."""
    target, online = networks(student)
    before, aim = target.state_dict(), online.state_dict()
    for _ in range(20):
        update(student, target, online, 0.8)
    after, right = target.state_dict(), mixture(before, aim, 0.8**20)
    for name in PARAMETERS:
        demand(close(after[name], right[name], rtol=1e-3), "target_network.repeated", name)


def scheduled(value: object) -> float:
    """The momentum that a call returned, as a tensor or as a Python number."""
    if isinstance(value, Tensor):
        seen = (value.dtype, tuple(value.shape))
        demand(value.ndim == 0 and not value.is_complex(), "target_network.not_a_number", seen)
        value = value.item()
    demand(isinstance(value, Real), "target_network.not_a_number", type(value).__name__)
    assert isinstance(value, Real)
    return float(value)


def momentum(step: int, steps: int, start: float) -> float:
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2


MISTAKES = {
    "target_network.not_halved": lambda s, n, b: 1 - (1 - b) * (math.cos(math.pi * s / n) + 1),
    "target_network.backwards": lambda s, n, b: 1 - (1 - b) * (1 - math.cos(math.pi * s / n)) / 2,
    "target_network.down": lambda s, n, b: b * (math.cos(math.pi * s / n) + 1) / 2,
    "target_network.linear": lambda s, n, b: b + (1 - b) * s / n,
    "target_network.constant": lambda s, n, b: b,
    "target_network.complement": lambda s, n, b: (1 - b) * (math.cos(math.pi * s / n) + 1) / 2,
    "target_network.quarter": lambda s, n, b: 1 - (1 - b) * math.cos(math.pi * s / n / 2),
    "target_network.whole_wave": lambda s, n, b: (
        1 - (1 - b) * (math.cos(2 * math.pi * s / n) + 1) / 2
    ),
    "target_network.degrees": lambda s, n, b: (
        1 - (1 - b) * (math.cos(math.radians(math.pi * s / n)) + 1) / 2
    ),
    "target_network.last_step": lambda s, n, b: momentum(s, n - 1, b),
    "target_network.next_step": lambda s, n, b: momentum(s + 1, n, b),
}


@weigh(3)
def test_momentum(student: Student) -> None:
    """momentum_at rises from start to 1 along half a cosine."""
    for step, steps, start in ((3, 10, 0.4), (5, 10, 0.4), (7, 9, 0.6), (0, 8, 0.3), (8, 8, 0.3)):
        value = scheduled(student.momentum_at(step, steps, start))
        if close(value, momentum(step, steps, start), rtol=1e-5):
            continue
        for hint, mistake in MISTAKES.items():
            demand(not close(value, mistake(step, steps, start), rtol=1e-5), hint, value)
        demand(False, "target_network.momentum", (step, steps, start, value))


@presumes(test_momentum)
def test_momentum_at_the_ends(student: Student) -> None:
    """It is start at step 0 and 1 at the last, for a single step too; start is 0.99 by default."""
    for step, steps, expected in ((0, 1, 0.2), (1, 1, 1.0), (0, 500, 0.2), (500, 500, 1.0)):
        try:
            value = scheduled(student.momentum_at(step, steps, 0.2))
        except Missing:
            raise
        except Crashed as error:
            raise Wrong("target_network.ends", f"{step} of {steps}: {error.detail}") from error
        demand(close(value, expected, rtol=1e-5), "target_network.ends", (step, steps, value))
    for step in (0, 33, 80):
        value = scheduled(student.momentum_at(step, 100))
        default = abs(value - momentum(step, 100, 0.99)) < 2e-6
        demand(default, "target_network.default_start", (step, value))
