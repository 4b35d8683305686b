"""What suites ask of random functions, whatever these draw.

:class:`Rules` asks for the rules that every random function of a course keeps: all
randomness from the generator, inputs kept, shape, dtype and device kept. Three statistics see
numbers that were to be drawn separately and were not. A suite reads from the results what a
function drew for each clip (a length, a place, whether anything was done at all) over many
calls, and asks

- :func:`shared`, whether the clips of a call have a draw in common,
- :func:`repeated`, whether a clip has the draws of another clip of its batch,
- :func:`dependence`, whether two draws of one clip go together.

All three look at ranks, so they hold for any distribution. Their limits are so far from what
separate draws give, and from what the mistakes give, that both errors have chances below 1e-6
over the seeds; each says how that follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Generator, Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import Size, Test, always, at_every_size, close, demand

CALLS, CLIPS = 40, 32
"""Calls and clips in each, from which draws are read. One draw for a whole call that is made
with a chance of .3 to .7 comes out the same way 40 times with a chance below 1e-6."""

SHARED, REPEATED, DEPENDENT = 4.0, 0.25, 0.05
"""Above these :func:`shared`, :func:`repeated` and :func:`dependence` mean a mistake."""


def twin(seed: int) -> Generator:
    """A generator that starts from ``seed``, like every other of that seed."""
    return Generator().manual_seed(seed)


def loud_clips(batch: int, time: int, seed: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Clips [batch, time] of samples between 0.5 and 1.5 in size, of either sign: none is near
    zero, so what was done to a sample can be read from what became of it."""
    size, sign = torch.rand(2, batch, time, generator=twin(seed), dtype=dtype)
    return torch.where(sign < 0.5, size + 0.5, -size - 0.5)


def real(value: object) -> Tensor | None:
    """``value`` as a plain tensor without a graph, if it is a dense one of real floating-point
    numbers in this machine's memory."""
    if not isinstance(value, Tensor) or value.layout != torch.strided or not value.is_cpu:
        return None
    plain = value.detach().as_subclass(Tensor)
    return plain if plain.is_floating_point() else None


class Rules:
    """The rules of one random function, asked one by one.

    Args:
        part: what its hints begin with: ``not_a_tensor``, ``shape``, ``dtype``, ``any_size``,
            ``sometimes_raises``, ``ignores_generator``, ``fixed_seed``,
            ``restarts_generator``, ``default_generator`` and ``modifies_input``.
    """

    def __init__(self, part: str) -> None:
        self._part = part
        self._first_hints: WeakKeyDictionary[Student, str] = WeakKeyDictionary()

    def follows(self, *causes: str) -> Callable[[Test], Test]:
        """Mark a test whose failure may follow from a mistake that was told before it.

        The first hint among the tests that are marked so is kept. Where a later one fails, that
        hint answers it too, since its own may not be true of what went wrong before.

        Args:
            causes: ids of hints, without the part, that explain a failure; any if none is given.
        """

        def mark(test: Test) -> Test:
            @wraps(test)
            def asked(**given: Any) -> None:
                try:
                    test(**given)
                except Wrong as failure:
                    first = self._first_hints.setdefault(given["student"], failure.hint)
                    if first == failure.hint or (causes and first.split(".")[1] not in causes):
                        raise
                    raise Wrong(first, f"{failure.hint}: {failure.observed}") from failure

            return asked  # type: ignore[return-value]

        return mark

    def checked(self, result: object, like: Tensor) -> Tensor:
        """``result`` in float64, if it is a real tensor with the shape of ``like``."""
        demand(isinstance(result, Tensor), f"{self._part}.not_a_tensor", type(result).__name__)
        assert isinstance(result, Tensor)
        demand(result.layout == like.layout, f"{self._part}.not_a_tensor", result.layout)
        demand(result.shape == like.shape, f"{self._part}.shape", tuple(result.shape))
        plain = real(result)
        demand(plain is not None, f"{self._part}.dtype", (result.dtype, result.device))
        assert plain is not None
        return plain.double()

    def takes(
        self, sizes: Iterable[Size], call: Callable[[Size], object], one: Callable[[int], object]
    ) -> None:
        """Demand that ``call`` raises at none of ``sizes``.

        Args:
            sizes: at which to call.
            call: makes a call of that size.
            one: makes a call for one clip with a seed. What raises is asked again so, since a
                drawn number, such as a length of 0, may be what the code does not bear.
        """
        try:
            at_every_size(sizes, call, f"{self._part}.any_size")
        except Failure as failure:
            crashed = isinstance(failure, Crashed) or failure.__cause__ is not None
            if crashed and _raises_by_chance(one):
                raise Wrong(f"{self._part}.sometimes_raises", str(failure)) from failure
            raise

    def comes_from_generator(
        self, student: Student, call: Callable[[Generator], Tensor], seed: int
    ) -> None:
        """Demand that the generator's state decides the result, and that every call moves it on.

        Twenty calls from one state, under other global seeds, must agree with the first: a
        yes or no that is tossed elsewhere is the same every time with a chance of 1e-6.

        Args:
            student: whose global random sources are seeded.
            call: calls the function with a generator; its result, checked.
            seed: of all that is random here.
        """
        student.seed(seed)
        first = call(twin(seed))
        for other in range(1, 21):
            student.seed(seed + other)
            demand(close(call(twin(seed)), first), f"{self._part}.ignores_generator", other)
        generator = twin(seed + 1)
        # Four calls, since a student may draw a seed from a small range.
        same = always(lambda: call(generator), 4)
        if same is not None:
            fixed = close(same, first)
            hint = "fixed_seed" if fixed else "restarts_generator"
            demand(False, f"{self._part}.{hint}")

    def varies_by_default(self, call: Callable[[], Tensor]) -> None:
        """Demand that calls without a generator differ. ``call`` makes one; its result, checked."""
        demand(always(call, 4) is None, f"{self._part}.default_generator")

    def keeps_input(self, student: Student) -> None:
        """Demand that the call just made left its tensors as they were."""
        demand(not student.mutated, f"{self._part}.modifies_input", student.mutated)

    def keeps_dtype(self, result: object, like: Tensor) -> None:
        """Demand a checked ``result`` of the dtype of ``like``."""
        self.checked(result, like)
        assert isinstance(result, Tensor)
        demand(result.dtype == like.dtype, f"{self._part}.dtype", result.dtype)


def _raises_by_chance(call: Callable[[int], object]) -> bool:
    """Whether ``call`` raises for some seeds and not for others, be it one of a hundred."""
    raised = []
    for seed in range(300):
        try:
            call(seed)
        except Crashed:
            raised.append(True)
        else:
            raised.append(False)
        if any(raised) and not all(raised):
            return True
        if seed == 20 and all(raised):
            return False
    return False


def scores(values: Tensor) -> Tensor:
    """Ranks of ``values``, any shape, with mean 0 and variance 1; ties share the middle one.

    What is NaN, a draw that cannot be seen, gets 0. All zero where nothing varies.
    """
    seen = values.isfinite()
    known = values[seen]
    rank = _ranks(known)
    centred = rank - rank.mean() if len(rank) else rank
    result = torch.zeros(values.shape, dtype=torch.float64)
    result[seen] = centred / centred.square().mean().sqrt().clamp(min=1e-9)
    return result


def shared(draws: Tensor) -> float:
    """How much more the draws [calls, clips] differ between calls than within: Fisher's F.

    About 1 for separate draws. Over 40 calls of 32 clips it is F(39, 1240), which is above 4
    with a chance of 1e-14. Where a share r of the variance is drawn once for a call it is
    1 + 32 r / (1 - r) times as large: below 4 with a chance of 1e-7 for r = 0.5, as where
    whether a call does anything is tossed once, or the greatest length is drawn once.
    """
    x = scores(draws)
    calls, clips = x.shape
    means = x.mean(dim=1, keepdim=True)
    between = clips * means.square().sum() / (calls - 1)
    if between < 1e-9:
        return 0.0
    within = (x - means).square().sum() / (calls * (clips - 1))
    return float(between / within.clamp(min=1e-9))


def repeated(*draws: Tensor) -> float:
    """Greatest correlation of a draw of a clip with a draw of another clip of its batch.

    The other stands a fixed number of places on (the last is followed by the first), or
    opposite. Draws are [calls, clips], each of another kind; those that are the same in
    every call are left out. For 40 calls of 32 clips each correlation has a standard deviation
    of 0.03, and 0.25 is 9 of them away. Halves that share their draws give 1, pairs of
    neighbours 0.5, a sorted batch 0.9.
    """
    varying = [scores(draw) for draw in draws if not _equal(draw, draw[:1].expand_as(draw))]
    if not varying:
        return 0.0
    x = torch.stack(varying)
    _, calls, clips = x.shape
    # For every clip, and every other: the correlation over the calls.
    products = torch.einsum("aci,bcj->abij", x, x).flatten(0, 1) / calls
    here = torch.arange(clips)
    on = (here[:, None] + here) % clips
    lines = products.gather(2, on.expand_as(products))
    # Of an opposite line no clip stands opposite itself, so that is left out.
    others = products.masked_fill(torch.eye(clips, dtype=torch.bool), 0.0)
    opposite = others.gather(2, ((here - here[:, None]) % clips).expand_as(products))
    return float(torch.cat([lines[..., 1:], opposite], dim=2).mean(dim=1).abs().max())


def dependence(a: Tensor, b: Tensor) -> float:
    """Mutual information in nats of two draws [clips], less what chance may make of it.

    Both are cut at their quartiles. For separate draws twice the count times the information
    is chi-squared with 9 degrees of freedom: above 40 + 0.1 n, where :func:`dependence` is
    above 0.05, with a chance of 1e-14 for n = 500. Places that are moved to fit, or leave room
    for the longest, share up to 0.02. Draws that one number decides share 0.8 and more, those
    that a fold of it decides 0.5, one that is never above the other 0.4; each estimate has a
    deviation below 0.04.
    """
    clips = len(a)
    if clips == 0:
        return 0.0
    first, second = ((4 * _ranks(draw) / clips).long().clamp(max=3) for draw in (a, b))
    cells = torch.bincount(4 * first + second, minlength=16).reshape(4, 4).double() / clips
    expected = cells.sum(1, keepdim=True) * cells.sum(0, keepdim=True)
    shares = torch.xlogy(cells, cells) - torch.xlogy(cells, expected)
    return float(shares.sum()) - 20 / clips


def _ranks(values: Tensor) -> Tensor:
    """From 0 to the number of ``values`` [n]; ties share the middle rank."""
    ordered = values.sort().values
    below = torch.searchsorted(ordered, values)
    return (below + torch.searchsorted(ordered, values, right=True)).double() / 2


def _equal(a: Tensor, b: Tensor) -> bool:
    return torch.equal(a.nan_to_num(-1.0), b.nan_to_num(-1.0))
