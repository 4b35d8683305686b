"""Hidden suite of the part ``fade``.

The clips hold no sample near zero, so the gain is the result over the clip. A ramp is the
samples of gain below 1 at an end of the clip. It counts as linear when its steps are equal
and neither its first value nor its distance to 1 is more than a step: i/n, (i + 1)/n,
linspace(0, 1, n), midpoints and ramps of a fractional length all are.

False alarms. The text lets a random length follow any distribution in which no fifth of the
range is rarer than one clip in fifty: a fifth is not seen in 1024 clips with a chance of
0.98^1024 = 1e-9 at most. What the tests of separate draws rely on is said in
:mod:`autograder.lab.testing.randomness`. Rounding: gains are off by a few 1e-7, or 1e-5 where a
ramp is made of many small steps; the nearest curved ramp, a raised cosine, is 0.1 away from a
line.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import torch
from torch import Generator, Tensor

from autograder.lab.testing.randomness import (
    CALLS,
    CLIPS,
    DEPENDENT,
    REPEATED,
    SHARED,
    Rules,
    dependence,
    loud_clips,
    repeated,
    shared,
    twin,
)
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand, differ, essential, weigh

TIME = 128
EPS = 1e-5
"""Below the smallest step of a ramp, 1/128, and above rounding."""
rules = Rules("fade")


@cache
def clips(batch: int, time: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Clips [batch, time] without samples near zero. The same for all: hand out clones."""
    return loud_clips(batch, time, batch, dtype)


@dataclass(frozen=True)
class Ramps:
    """One end of each clip, read from the outside in: [clips] each."""

    length: Tensor
    """Samples of gain below 1; the clip's time if it never reaches 1."""
    first: Tensor
    step: Tensor
    """Mean step; where there is but one sample, 1."""
    last: Tensor
    bend: Tensor
    """The farthest that the ramp strays from a straight line."""


def ramps(gain: Tensor) -> Ramps:
    """The ramps at the left end of ``gain`` [clips, time]."""
    full = gain > 1 - EPS
    length = torch.where(full.any(dim=1), full.double().argmax(dim=1), gain.shape[1])
    first = gain[:, 0]
    last = gain.gather(1, (length - 1).clamp(min=0)[:, None])[:, 0]
    step = torch.where(length > 1, (last - first) / (length - 1).clamp(min=1), 1.0)
    index = torch.arange(gain.shape[1])
    line = first[:, None] + step[:, None] * index
    bend = ((gain - line).abs() * (index < length[:, None])).amax(dim=1)
    return Ramps(length, first, step, last, bend)


@dataclass(frozen=True)
class Faded:
    """What one call did."""

    gain: Tensor
    """The gain of every sample, float64 [clips, TIME]."""
    left: Ramps
    right: Ramps

    @property
    def ends(self) -> tuple[Ramps, Ramps]:
        return self.left, self.right


@lru_cache(maxsize=12)
def faded(
    student: Student, seed: int, batch: int = 1024, max_fraction: float | None = None
) -> Faded:
    """What a call did to ``batch`` clips. Tests share the calls."""
    options = {} if max_fraction is None else {"max_fraction": max_fraction}
    return read(gains(student, seed, batch, **options))


def gains(student: Student, seed: int, batch: int, **options: float) -> Tensor:
    """The gain that a call gave every sample of ``batch`` clips, float64 [batch, TIME]."""
    wave = clips(batch, TIME)
    out = rules.checked(student.fade(wave.clone(), generator=twin(seed), **options), wave)
    demand(out.isfinite().all(), "fade.not_finite")
    return out / wave.double()


def read(gain: Tensor) -> Faded:
    """``gain`` [clips, TIME] with the ramps at both ends."""
    return Faded(gain, ramps(gain), ramps(gain.flip(1)))


@lru_cache(maxsize=2)
def many(student: Student) -> Faded:
    """What CALLS calls did to CLIPS clips each, one below the other."""
    calls = [gains(student, seed, CLIPS) for seed in range(100, 100 + CALLS)]
    return read(torch.cat(calls))


@essential
@rules.follows()
def test_kind(student: Student) -> None:
    """Clips are faded, and the result is a tensor of the wave's shape."""

    def call(size: tuple[int, int]) -> None:
        wave = clips(*size)
        out = rules.checked(student.fade(wave.clone(), generator=twin(size[1])), wave)
        demand(out.isfinite().all(), "fade.not_finite")
        demand(len(wave) < 64 or not close(out, wave), "fade.unchanged")

    sizes = [(128, 400), (16, 8000), (64, 257), (1, 100), (3, 17)]
    rules.takes(sizes, call, lambda seed: student.fade(clips(1, 100).clone(), generator=twin(seed)))
    waves = clips(64, 400), -clips(64, 400)
    outs = (rules.checked(student.fade(wave.clone(), generator=twin(0)), wave) for wave in waves)
    demand(differ(*outs), "fade.never_full")


@rules.follows()
def test_gain_range(student: Student) -> None:
    """The gain is never above 1 and never below 0."""
    for gain in (many(student).gain, faded(student, 3, max_fraction=1.0).gain):
        demand(gain.max() <= 1 + EPS, "fade.gain_above_one", gain.max())
        demand(gain.min() >= -EPS, "fade.gain_below_zero", gain.min())


@weigh(2)
@rules.follows()
def test_both_ends(student: Student) -> None:
    """The clip rises from silence at its start, is left alone between, and falls at its end."""
    seen = many(student)
    gain, left, right = seen.gain, seen.left, seen.right
    level = bool((gain - gain[:, :1]).abs().max() < 1e-3) and bool((gain < 1 - EPS).any())
    demand(not level, "fade.batch_axis")
    reaches = left.length < TIME
    # Only where both ramps have their full length may the gain stay below 1.
    demand(reaches.double().mean() > 0.5, "fade.never_full", reaches.double().mean())
    for end in (left, right):
        demand(not bool((end.step < 0).double().mean() > 0.5), "fade.backwards")
    index = torch.arange(TIME)
    between = (index >= left.length[:, None]) & (index < TIME - right.length[:, None])
    if bool((between & (gain < 1 - EPS)).any()):
        for end, outward in ((left, gain), (right, gain.flip(1))):
            full = (end.length <= 1).double().mean() > 0.5
            missed = (outward[:, 1] < outward[:, 3]).double().mean() > 0.5
            demand(not (full and missed), "fade.outermost")
            demand(not full, "fade.backwards")
        demand(False, "fade.middle")
    demand(left.length.any(), "fade.no_fade_in")
    demand(right.length.any(), "fade.no_fade_out")
    for end, outside in ((left, gain[:, :3]), (right, gain[:, -3:])):
        seen = reaches & (end.length >= 8)
        silent = (outside.abs() < EPS).all(dim=1)
        demand(not bool(silent[seen].any()), "fade.stays_silent")
        seen &= end.bend < 1e-3
        above = end.first > end.step + EPS
        demand(not bool(above[seen].any()), "fade.not_from_silence")
        below = 1 - end.last > end.step + EPS
        demand(not bool(below[seen].any()), "fade.not_to_full")


@weigh(2)
@rules.follows()
def test_linear(student: Student) -> None:
    """The gain rises and falls along straight lines."""
    seen = many(student)
    reaches = seen.left.length < TIME
    for end in seen.ends:
        bend = end.bend[reaches]
        demand(not bool((bend >= 1e-3).any()), "fade.not_linear", bend)


@rules.follows()
def test_clips_are_independent(student: Student) -> None:
    """Every clip has fades of its own lengths."""
    ends = [end.length.reshape(CALLS, CLIPS) for end in many(student).ends]
    agree = [bool((length == length[:, :1]).all()) for length in ends]
    vary = [bool((length != length[0, 0]).any()) for length in ends]
    demand(not any(a and v for a, v in zip(agree, vary, strict=True)), "fade.shared_lengths")
    demand(not all(agree), "fade.not_random")
    lengths = [end.where(end < TIME, torch.nan) for end in ends]
    common = max(map(shared, lengths))
    demand(common < SHARED, "fade.shared_draw", common)
    demand(repeated(*lengths) < REPEATED, "fade.repeated", repeated(*lengths))


@weigh(2)
@rules.follows()
def test_lengths(student: Student) -> None:
    """Both lengths are random from 0 to max_fraction of the time, half unless told otherwise."""
    # Of five lengths none is rare (0.93^256 = 1e-8); rounding takes off one, a last gain of
    # 1 another.
    few = faded(student, 4, batch=256, max_fraction=4 / TIME)
    calls = many(student), faded(student, 2, max_fraction=0.25), few
    for ends in zip(*(call.ends for call in calls), strict=True):
        halves, quarters, short = (end.length for end in ends)
        halves = halves[halves < TIME]
        if len(halves) == 0:
            demand(False, "fade.never_full")
        ignored = bool(halves.max() <= TIME // 2) and bool(quarters.max() > 0.375 * TIME)
        for length, longest in ((halves, TIME // 2), (quarters, TIME // 4)):
            seen = int(length.min()), int(length.max())
            if seen[0] == seen[1]:
                demand(False, "fade.fixed_lengths", seen)
            hint = "fade.ignores_fraction" if ignored else "fade.too_long"
            demand(seen[1] <= longest, hint, seen)
            demand(seen[1] >= 0.8 * longest, "fade.never_long", seen)
            demand(seen[0] <= 0.2 * longest, "fade.never_short", seen)
        values = len(set(quarters.tolist()))
        demand(values > TIME // 8, "fade.few_lengths", values)
        demand(short.max() >= 2, "fade.never_long", short.max())


@rules.follows()
def test_lengths_are_separate(student: Student) -> None:
    """The lengths of fade-in and fade-out are drawn separately."""
    lengths = torch.stack([end.length for end in many(student).ends])
    calls = lengths.reshape(2, CALLS, CLIPS)
    if bool((calls == calls[:, :1]).all()):
        return  # 32 pairs for ever: test_generator says so
    tied = dependence(*lengths[:, (lengths < TIME).all(dim=0)])
    demand(tied < DEPENDENT, "fade.same_length", tied)


@rules.follows()
def test_overlap(student: Student) -> None:
    """Where a long fade-in meets a long fade-out, the gain is their product or the smaller one.

    Both ramps are read at the ends, where they stand alone and are straight, and drawn on.
    """
    gain = faded(student, 3, max_fraction=1.0).gain
    late, early = gain.argmax(dim=1), TIME - 1 - gain.flip(1).argmax(dim=1)
    reach = int(late.max()), int(TIME - 1 - early.min())
    demand(min(reach) > 0.6 * TIME, "fade.no_overlap", reach)
    index = torch.arange(TIME)
    start, slope = gain[:, 0], gain[:, 1] - gain[:, 0]
    end, fall = gain[:, -1], gain[:, -2] - gain[:, -1]
    rising = (start[:, None] + slope[:, None] * index).clamp(max=1)
    falling = (end[:, None] + fall[:, None] * (TIME - 1 - index)).clamp(max=1)
    alone = 4
    usable = (
        (slope > 1 / (2 * TIME)) & (fall > 1 / (2 * TIME))
        & (rising[:, -alone:].amin(dim=1) == 1) & (falling[:, :alone].amin(dim=1) == 1)
        & (torch.maximum(rising, falling) < 1).any(dim=1)
    )  # fmt: skip
    strays = torch.minimum(
        (gain - rising * falling).abs().amax(dim=1),
        (gain - torch.minimum(rising, falling)).abs().amax(dim=1),
    )[usable]
    demand(not bool((strays > 0.01).any()), "fade.overlap", (len(strays), strays))


@rules.follows()
def test_no_fade(student: Student) -> None:
    """With max_fraction 0 the clip comes back as it was, but for its outermost samples."""
    wave = clips(16, 100)
    out = rules.checked(student.fade(wave.clone(), max_fraction=0.0, generator=twin(10)), wave)
    demand(out.isfinite().all(), "fade.not_finite")
    demand(close(out[:, 1:-1], wave[:, 1:-1]), "fade.zero_fraction")


@rules.follows("unchanged", "not_random", "everything", "sometimes", "not_finite")
def test_generator(student: Student) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    wave = clips(16, 400)

    def call(generator: Generator) -> Tensor:
        return rules.checked(student.fade(wave.clone(), generator=generator), wave)

    rules.comes_from_generator(student, call, seed=11)


@rules.follows("unchanged", "not_random", "everything", "fixed_seed")
def test_default_generator(student: Student) -> None:
    """Without a generator, the fades are other ones at every call."""
    wave = clips(16, 400)
    rules.varies_by_default(lambda: rules.checked(student.fade(wave.clone()), wave))


def test_input_is_kept(student: Student) -> None:
    """The clips given are not modified."""
    student.fade(clips(64, 400).clone(), generator=twin(13))
    rules.keeps_input(student)


def test_dtype(student: Student) -> None:
    """The result has the wave's dtype, float32 or float64."""
    for dtype in (torch.float32, torch.float64):
        wave = clips(8, 400, dtype)
        rules.keeps_dtype(student.fade(wave.clone(), generator=twin(14)), wave)
