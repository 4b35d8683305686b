"""Hidden suite of the part ``time_mask``.

The clips hold no sample near zero, so what a call masked can be read from its result.

False alarms. A random length may follow any distribution that reaches the whole range: the
longest fifth and the shortest fifth of it need only be seen once in 2048 clips, which
a distribution that gives each 1 % of the clips misses with a chance of 0.99^2048 = 1e-9. So it
is with the eighths of the axis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import always, at_every_size, close, demand, essential, weigh

CLIPS, TIME = 2048, 128


def twin(seed: int) -> torch.Generator:
    """A generator that starts from ``seed``, like every other of that seed."""
    return torch.Generator().manual_seed(seed)


@cache
def clips(batch: int, time: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Clips [batch, time] of samples between 0.5 and 1.5 in size, of either sign.

    Drawn once for all students: hand out clones.
    """
    size, sign = torch.rand(2, batch, time, generator=twin(batch), dtype=dtype)
    return torch.where(sign < 0.5, size + 0.5, -size - 0.5)


def checked(result: object, wave: Tensor) -> Tensor:
    """``result`` in float64, if it is a real tensor shaped like ``wave``."""
    demand(isinstance(result, Tensor), "time_mask.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    demand(result.layout == wave.layout, "time_mask.not_a_tensor", result.layout)
    demand(result.shape == wave.shape, "time_mask.shape", tuple(result.shape))
    demand(result.is_floating_point(), "time_mask.dtype", result.dtype)
    demand(result.device == wave.device, "time_mask.dtype", result.device)
    return result.detach().as_subclass(Tensor).double()


@dataclass(frozen=True)
class Masked:
    """What one call did, [clips, TIME] each; values in float64."""

    untouched: Tensor
    out: Tensor
    mask: Tensor
    """Samples that are not what they were, bool."""


@lru_cache(maxsize=12)
def masked(
    student: Student, seed: int, max_fraction: float | None = None, batch: int = CLIPS
) -> Masked:
    """What a call did to ``batch`` clips. Tests share the calls."""
    wave = clips(batch, TIME)
    options = {} if max_fraction is None else {"max_fraction": max_fraction}
    out = checked(student.time_mask(wave.clone(), generator=twin(seed), **options), wave)
    wave = wave.double()
    return Masked(wave, out, ~((out - wave).abs() < 1e-3))


def starts(mask: Tensor) -> list[int]:
    """Where the masks begin, in the clips that have one."""
    found: list[int] = mask.double().argmax(dim=1)[mask.any(dim=1)].tolist()
    return found


@essential
def test_kind(student: Student) -> None:
    """Something is masked, and the result is a tensor of the wave's shape."""
    changed = []

    def call(size: tuple[int, int]) -> None:
        wave = clips(*size)
        out = checked(student.time_mask(wave.clone(), generator=twin(size[1])), wave)
        changed.append(not close(out, wave))

    at_every_size([(64, 400), (5, 257), (1, 100), (3, 17)], call, "time_mask.any_size")
    demand(any(changed), "time_mask.unchanged")


@weigh(2)
def test_zeros(student: Student) -> None:
    """Every sample is either set to zero or kept as it is."""
    seen = masked(student, seed=1)
    kept = (seen.out - seen.untouched).abs() < 1e-5
    demand(bool((kept | (seen.out.abs() < 1e-5)).all()), "time_mask.fill")


@weigh(2)
def test_one_stretch(student: Student) -> None:
    """At most one contiguous stretch of a clip is masked."""
    mask = masked(student, seed=1).mask
    kept = (~mask).sum(dim=1)
    demand(not bool((kept <= TIME // 8).all()), "time_mask.inverted")
    begins = mask[:, 1:] & ~mask[:, :-1]
    stretches = begins.sum(dim=1) + mask[:, 0]
    split = mask[stretches > 1]
    wraps = len(split) > 0 and bool((split[:, 0] & split[:, -1]).all())
    hint = "time_mask.wraps" if wraps else "time_mask.scattered"
    demand(bool((stretches <= 1).all()), hint, stretches.max())


def test_clips_are_independent(student: Student) -> None:
    """Every clip gets a mask of its own, in its place and in its length.

    Up to six calls, each of 32 clips, of which half have a mask at least: all agree in all calls
    with a chance of 0.7^90 = 1e-14, even where one length or place is drawn for 70 % of the clips.
    """
    places, lengths = [], []
    for seed in range(30, 36):
        mask = masked(student, seed, batch=32).mask
        places.append(set(starts(mask)))
        lengths.append(set(mask.sum(dim=1).tolist()))
        one_place, one_length = (all(len(seen) == 1 for seen in s) for s in (places, lengths))
        if not (one_place or one_length):
            return
    moves, grows = (len(set.union(*seen)) > 1 for seen in (places, lengths))
    if one_place and one_length:
        demand(False, "time_mask.shared_mask" if moves or grows else "time_mask.not_random")
    demand(not (one_place and moves), "time_mask.shared_start")
    demand(not (one_length and grows), "time_mask.shared_length")


@weigh(2)
def test_lengths(student: Student) -> None:
    """Lengths are random from 0 to max_fraction of the time, an eighth unless told otherwise."""
    default = masked(student, seed=1).mask.sum(dim=1)
    half = masked(student, seed=2, max_fraction=0.5).mask.sum(dim=1)
    ignored = bool(half.max() <= TIME // 8)
    for length, longest in ((default, TIME // 8), (half, TIME // 2)):
        seen = int(length.min()), int(length.max())
        if seen[0] == seen[1]:
            demand(False, "time_mask.fixed_length", seen)
        demand(seen[1] <= longest, "time_mask.too_long", seen)
        hint = "time_mask.ignores_fraction" if ignored else "time_mask.never_long"
        demand(seen[1] >= 0.8 * longest, hint, seen)
        demand(seen[0] <= 0.2 * longest, "time_mask.never_short", seen)
    # Of five lengths none is rare (0.93^256 = 1e-8), and rounding takes off one at most.
    few = int(masked(student, seed=3, max_fraction=4 / TIME, batch=256).mask.sum(dim=1).max())
    demand(few >= 3, "time_mask.never_long", few)


def test_positions(student: Student) -> None:
    """Masks lie anywhere in the clip."""
    mask = masked(student, seed=1).mask
    demand(len(set(starts(mask))) > 1, "time_mask.fixed_start", starts(mask)[:1])
    touched = mask.reshape(CLIPS, 8, TIME // 8).any(dim=2).any(dim=0)
    demand(touched.all(), "time_mask.positions", touched.tolist())


def test_masks_fit(student: Student) -> None:
    """A mask starts where it fits: neither end of the clip cuts it.

    A start that is uniform over the valid ones, or over all samples and then moved to fit,
    makes a mask of length n touch the last sample, or the first, with a chance of at most
    (n + 1) / TIME.
    By Bernstein's inequality the count of such masks, with mean at most m, exceeds
    m + 6.2 + sqrt(38 + 37 m) with a chance below 1e-8. Masks of up to a quarter of the longest
    length are looked at, since those that are cut are short.
    """
    mask = masked(student, seed=2, max_fraction=0.5).mask
    length = mask.sum(dim=1)
    short = (length > 0) & (length <= TIME // 8)
    mean = float((length[short] + 1).sum()) / TIME
    bound = mean + 6.2 + math.sqrt(38 + 37 * mean)
    for end in (mask[:, -1], mask[:, 0]):
        touching = int((short & end).sum())
        demand(touching <= bound, "time_mask.cut_off", (touching, bound))


def test_generator(student: Student) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    wave = clips(64, 400)

    def call(generator: torch.Generator) -> Tensor:
        return checked(student.time_mask(wave.clone(), generator=generator), wave)

    student.seed(1)
    first = call(twin(9))
    student.seed(2)
    demand(close(first, call(twin(9))), "time_mask.ignores_generator")
    generator = twin(10)
    # Four calls, since a student may draw a seed from a small range.
    same = always(lambda: call(generator), 4)
    if same is not None:
        fixed = close(same, first)
        demand(False, "time_mask.fixed_seed" if fixed else "time_mask.restarts_generator")


def test_default_generator(student: Student) -> None:
    """Without a generator, the masks are other ones at every call."""
    wave = clips(64, 400)
    same = always(lambda: checked(student.time_mask(wave.clone()), wave), 4)
    demand(same is None, "time_mask.default_generator")


def test_input_is_kept(student: Student) -> None:
    """The clips given are not modified."""
    student.time_mask(clips(64, 400).clone(), generator=twin(11))
    demand(not student.mutated, "time_mask.modifies_input")


def test_dtype(student: Student) -> None:
    """The result has the wave's dtype, float32 or float64."""
    for dtype in (torch.float32, torch.float64):
        wave = clips(8, 400, dtype)
        out = student.time_mask(wave.clone(), generator=twin(12))
        checked(out, wave)
        demand(out.dtype == dtype, "time_mask.dtype", out.dtype)
