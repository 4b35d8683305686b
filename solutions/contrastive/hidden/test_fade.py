"""Hidden suite of the part ``fade``.

The clips hold no sample near zero, so the gain is the result over the clip. A ramp is the
samples of gain below 1 at an end of the clip. It counts as linear when its steps are equal
and neither its first value nor its distance to 1 is more than a step: i/n, (i + 1)/n,
linspace(0, 1, n), midpoints and ramps of a fractional length all are.

False alarms. A random length may follow any distribution that reaches the whole range: the
longest quarter and the shortest quarter of it need only be seen once in 2048 clips, which
a distribution that gives each 1 % of the clips misses with a chance of 0.99^2048 = 1e-9.
Rounding: gains are off by a few 1e-7, or 1e-5 where a ramp is made of many small steps; the
nearest curved ramp, a raised cosine, is 0.1 away from a line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.lab.student import Student
from autograder.lab.suite import close, demand, essential, weigh

CLIPS, TIME = 2048, 128
EPS = 1e-5
"""Below the smallest step of a ramp, 1/128, and above rounding."""


def twin(seed: int) -> torch.Generator:
    """A generator that starts from ``seed``, like every other of that seed."""
    return torch.Generator().manual_seed(seed)


def clips(batch: int, time: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Clips [batch, time] of samples between 0.5 and 1.5 in size, of either sign."""
    size, sign = torch.rand(2, batch, time, generator=twin(batch), dtype=dtype)
    return (size + 0.5).where(sign < 0.5, -size - 0.5)


def checked(result: object, wave: Tensor) -> Tensor:
    """``result`` in float64, if it is a real tensor shaped like ``wave``."""
    demand(isinstance(result, Tensor), "fade.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    demand(result.shape == wave.shape, "fade.shape", tuple(result.shape))
    demand(result.is_floating_point(), "fade.dtype", result.dtype)
    return result.detach().double()


def gains(
    student: Student, seed: int, max_fraction: float | None = None, time: int = TIME
) -> Tensor:
    """The gain of every sample, float64 [CLIPS, time]."""
    wave = clips(CLIPS, time)
    options = {} if max_fraction is None else {"max_fraction": max_fraction}
    out = checked(student.fade(wave.clone(), generator=twin(seed), **options), wave)
    demand(out.isfinite().all(), "fade.not_finite")
    return out / wave.double()


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


@essential
def test_kind(student: Student) -> None:
    """Clips are faded, and the result is a tensor of the wave's shape."""
    for batch, time in ((512, 400), (64, 257), (1, 100), (3, 17)):
        wave = clips(batch, time)
        out = checked(student.fade(wave.clone(), generator=twin(time)), wave)
        demand(out.isfinite().all(), "fade.not_finite")
        demand(batch < 64 or not close(out, wave), "fade.unchanged")


def test_gain_range(student: Student) -> None:
    """The gain is never above 1 and never below 0."""
    for max_fraction in (0.5, 1.0):
        gain = gains(student, 1, max_fraction)
        demand(gain.max() <= 1 + EPS, "fade.gain_above_one", gain.max())
        demand(gain.min() >= -EPS, "fade.gain_below_zero", gain.min())


@weigh(2)
def test_both_ends(student: Student) -> None:
    """The clip rises from silence at its start, is left alone between, and falls at its end."""
    gain = gains(student, 2)
    left, right = ramps(gain), ramps(gain.flip(1))
    reaches = left.length < TIME
    # Only where both ramps have their full length may the gain stay below 1.
    demand(reaches.double().mean() > 0.5, "fade.never_full", reaches.double().mean())
    index = torch.arange(TIME)
    between = (index >= left.length[:, None]) & (index < TIME - right.length[:, None])
    dips = bool((between & (gain < 1 - EPS)).any())
    no_left, no_right = bool((left.length == 0).all()), bool((right.length == 0).all())
    downhill = any(float((end.step < 0).double().mean()) > 0.5 for end in (left, right))
    full_ends = no_left or no_right
    demand(not downhill, "fade.backwards")
    demand(not dips, "fade.backwards" if full_ends else "fade.middle")
    demand(not no_left, "fade.no_fade_in")
    demand(not no_right, "fade.no_fade_out")
    for end in (left, right):
        seen = reaches & (end.length > 1)
        above = end.first[seen] > end.step[seen] + EPS
        short = 1 - end.last[seen] > end.step[seen] + EPS
        straight = end.bend[seen] < 1e-3
        demand(not bool((above & straight).any()), "fade.not_from_silence")
        demand(not bool((short & straight).any()), "fade.not_to_full")


@weigh(2)
def test_linear(student: Student) -> None:
    """The gain rises and falls along straight lines."""
    gain = gains(student, 3)
    left, right = ramps(gain), ramps(gain.flip(1))
    reaches = left.length < TIME
    for end in (left, right):
        bend = end.bend[reaches]
        demand(not bool((bend >= 1e-3).any()), "fade.not_linear", bend.max())


def test_clips_are_independent(student: Student) -> None:
    """Every clip has fades of its own lengths."""
    first, second = gains(student, 4), gains(student, 5)
    if bool(((first - first[0]).abs() < EPS).all()):
        same = close(first, second, rtol=0, atol=EPS)
        demand(False, "fade.not_random" if same else "fade.shared_lengths")
    for flip in (False, True):
        a, b = (ramps(g.flip(1) if flip else g).length for g in (first, second))
        shared = bool((a == a[0]).all()) and bool((b == b[0]).all()) and bool(a[0] != b[0])
        demand(not shared, "fade.shared_lengths")


@weigh(2)
def test_lengths(student: Student) -> None:
    """Both lengths are random from 0 to max_fraction of the time, half unless told otherwise."""
    default, quarter = gains(student, 6), gains(student, 7, 0.25)
    for flip in (False, True):
        halves, quarters = (ramps(g.flip(1) if flip else g).length for g in (default, quarter))
        halves = halves[halves < TIME]
        if len(halves) == 0:
            demand(False, "fade.never_full")
        ignored = bool(quarters.max() > 0.375 * TIME)
        for length, longest in ((halves, TIME // 2), (quarters, TIME // 4)):
            seen = int(length.min()), int(length.max())
            if seen[0] == seen[1]:
                demand(False, "fade.fixed_lengths", seen)
            hint = "fade.ignores_fraction" if ignored else "fade.too_long"
            demand(seen[1] <= longest, hint, seen)
            demand(seen[1] >= 0.75 * longest, "fade.never_long", seen)
            demand(seen[0] <= 0.25 * longest, "fade.never_short", seen)


def test_lengths_are_separate(student: Student) -> None:
    """The lengths of fade-in and fade-out are drawn separately.

    Over 2048 clips the correlation of two lengths drawn separately has a standard deviation
    of 0.022.
    """
    gain = gains(student, 8)
    lengths = torch.stack([ramps(gain).length, ramps(gain.flip(1)).length])
    lengths = lengths[:, (lengths < TIME).all(dim=0)].double()
    varied = lengths.shape[1] > 1 and bool((lengths.std(dim=1) > 0).all())
    correlation = float(torch.corrcoef(lengths)[0, 1]) if varied else 0.0
    demand(abs(correlation) < 0.9, "fade.same_length", correlation)


def test_overlap(student: Student) -> None:
    """Where a long fade-in meets a long fade-out, the gain is their product or the smaller one.

    Both ramps are read at the ends, where they stand alone and are straight, and drawn on.
    """
    time = 64
    gain = gains(student, 9, 1.0, time)
    late, early = gain.argmax(dim=1), time - 1 - gain.flip(1).argmax(dim=1)
    reach = int(late.max()), int(time - 1 - early.min())
    demand(min(reach) > 0.6 * time, "fade.no_overlap", reach)
    index = torch.arange(time)
    start, slope = gain[:, 0], gain[:, 1] - gain[:, 0]
    end, fall = gain[:, -1], gain[:, -2] - gain[:, -1]
    rising = (start[:, None] + slope[:, None] * index).clamp(max=1)
    falling = (end[:, None] + fall[:, None] * (time - 1 - index)).clamp(max=1)
    alone = 4
    usable = (
        (slope > 1 / (2 * time)) & (fall > 1 / (2 * time))
        & (rising[:, -alone:].amin(dim=1) == 1) & (falling[:, :alone].amin(dim=1) == 1)
        & (torch.maximum(rising, falling) < 1).any(dim=1)
    )  # fmt: skip
    strays = torch.minimum(
        (gain - rising * falling).abs().amax(dim=1),
        (gain - torch.minimum(rising, falling)).abs().amax(dim=1),
    )[usable]
    demand(not bool((strays > 0.01).any()), "fade.overlap", (len(strays), strays))


def test_no_fade(student: Student) -> None:
    """With max_fraction 0 the clip comes back as it was, but for its outermost samples."""
    wave = clips(16, 100)
    out = checked(student.fade(wave.clone(), max_fraction=0.0, generator=twin(10)), wave)
    demand(out.isfinite().all(), "fade.not_finite")
    demand(close(out[:, 1:-1], wave[:, 1:-1]), "fade.zero_fraction")


def test_generator(student: Student) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    wave = clips(64, 400)

    def call(generator: torch.Generator) -> Tensor:
        return checked(student.fade(wave.clone(), generator=generator), wave)

    student.seed(1)
    first = call(twin(11))
    student.seed(2)
    demand(close(first, call(twin(11))), "fade.ignores_generator")
    generator = twin(12)
    # Four calls, since a student may draw a seed from a small range.
    calls = [call(generator) for _ in range(4)]
    if all(close(out, calls[0]) for out in calls):
        fixed = close(calls[0], first)
        demand(False, "fade.fixed_seed" if fixed else "fade.restarts_generator")


def test_default_generator(student: Student) -> None:
    """Without a generator, the fades are other ones at every call."""
    wave = clips(64, 400)
    calls = [checked(student.fade(wave.clone()), wave) for _ in range(4)]
    demand(not all(close(out, calls[0]) for out in calls), "fade.default_generator")


def test_input_is_kept(student: Student) -> None:
    """The clips given are not modified."""
    student.fade(clips(64, 400), generator=twin(13))
    demand(not student.mutated, "fade.modifies_input")


def test_dtype(student: Student) -> None:
    """The result has the wave's dtype, float32 or float64."""
    for dtype in (torch.float32, torch.float64):
        wave = clips(8, 400, dtype)
        out = student.fade(wave.clone(), generator=twin(14))
        checked(out, wave)
        demand(out.dtype == dtype and out.device == wave.device, "fade.dtype", out.dtype)
