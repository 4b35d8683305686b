"""Hidden suite of the part ``time_mask``.

The clips hold no sample near zero, so what a call masked can be read from its result.

False alarms. The text lets a random length follow any distribution in which no fifth of the
range is rarer than one clip in fifty: a fifth is not seen in 1280 clips with a chance of
0.98^1280 = 6e-12 at most. So it is with the eighths of the axis. What the tests of separate
draws rely on is said in :mod:`autograder.lab.testing.randomness`.
"""

from __future__ import annotations

import math
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
LONGEST = TIME // 8
"""The greatest length where no fraction is given."""
rules = Rules("time_mask")


@cache
def clips(batch: int, time: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Clips [batch, time] without samples near zero. The same for all: hand out clones."""
    return loud_clips(batch, time, batch, dtype)


@dataclass(frozen=True)
class Masked:
    """What a call did, [clips, TIME] each; values in float64."""

    untouched: Tensor
    out: Tensor
    mask: Tensor
    """Samples that are not what they were, bool."""

    @property
    def length(self) -> Tensor:
        """Samples that are masked, [clips]."""
        return self.mask.sum(dim=1)

    @property
    def start(self) -> Tensor:
        """Where the mask begins, [clips]; NaN where there is none."""
        return self.mask.double().argmax(dim=1).where(self.mask.any(dim=1), torch.nan)


@lru_cache(maxsize=12)
def masked(student: Student, seed: int, batch: int, max_fraction: float | None = None) -> Masked:
    """What a call did to ``batch`` clips. Tests share the calls."""
    wave = clips(batch, TIME)
    options = {} if max_fraction is None else {"max_fraction": max_fraction}
    out = rules.checked(student.time_mask(wave.clone(), generator=twin(seed), **options), wave)
    wave = wave.double()
    return Masked(wave, out, ~((out - wave).abs() < 1e-3))


@lru_cache(maxsize=2)
def many(student: Student) -> Masked:
    """What CALLS calls did to CLIPS clips each, one below the other."""
    calls = [masked.__wrapped__(student, seed, CLIPS) for seed in range(100, 100 + CALLS)]
    return Masked(
        *(torch.cat([getattr(c, name) for c in calls]) for name in ("untouched", "out", "mask"))
    )


@essential
@rules.follows()
def test_kind(student: Student) -> None:
    """Something is masked, and the result is a tensor of the wave's shape."""
    changed = []

    def call(size: tuple[int, int]) -> None:
        wave = clips(*size)
        out = rules.checked(student.time_mask(wave.clone(), generator=twin(size[1])), wave)
        changed.append(not close(out, wave))

    sizes = [(64, 400), (16, 8000), (5, 257), (1, 100), (3, 17)]
    rules.takes(
        sizes, call, lambda seed: student.time_mask(clips(1, 100).clone(), generator=twin(seed))
    )
    demand(any(changed), "time_mask.unchanged")
    waves = clips(64, 400), -clips(64, 400)
    outs = (
        rules.checked(student.time_mask(wave.clone(), generator=twin(0)), wave) for wave in waves
    )
    demand(differ(*outs), "time_mask.everything")


@weigh(2)
@rules.follows()
def test_zeros(student: Student) -> None:
    """Every sample is either set to zero or kept as it is."""
    seen = many(student)
    kept = (seen.out - seen.untouched).abs() < 1e-5
    demand(bool((kept | (seen.out.abs() < 1e-5)).all()), "time_mask.fill")


@weigh(2)
@rules.follows()
def test_one_stretch(student: Student) -> None:
    """At most one contiguous stretch of a clip is masked."""
    mask = many(student).mask
    kept = (~mask).sum(dim=1)
    hint = "time_mask.inverted" if kept.any() else "time_mask.everything"
    demand(not bool((kept <= LONGEST).all()), hint)
    begins = mask[:, 1:] & ~mask[:, :-1]
    stretches = begins.sum(dim=1) + mask[:, 0]
    split = mask[stretches > 1]
    wraps = len(split) > 0 and bool((split[:, 0] & split[:, -1]).all())
    hint = "time_mask.wraps" if wraps else "time_mask.scattered"
    demand(bool((stretches <= 1).all()), hint, stretches.max())


@rules.follows()
def test_clips_are_independent(student: Student) -> None:
    """Every clip gets a mask of its own, in its place and in its length."""
    seen = many(student)
    length = seen.length.double().reshape(CALLS, CLIPS)
    start = seen.start.reshape(CALLS, CLIPS)
    here = start.nan_to_num()
    masks = start.isfinite()
    first = here.gather(1, masks.double().argmax(dim=1, keepdim=True))
    one_length = bool((length == length[:, :1]).all())
    one_place = bool(((here == first) | ~masks).all())
    grows, moves = bool((length != length[0, 0]).any()), bool((first != first[0]).any())
    if one_place and one_length:
        demand(False, "time_mask.shared_mask" if moves or grows else "time_mask.not_random")
    demand(not (one_place and moves), "time_mask.shared_start")
    demand(not (one_length and grows), "time_mask.shared_length")
    common = shared(length), shared(start)
    demand(max(common) < SHARED, "time_mask.shared_draw", common)
    demand(repeated(length, start) < REPEATED, "time_mask.repeated", repeated(length, start))


@weigh(2)
@rules.follows()
def test_lengths(student: Student) -> None:
    """Lengths are random from 0 to max_fraction of the time, an eighth unless told otherwise."""
    default, half = many(student).length, masked(student, 2, 2048, max_fraction=0.5).length
    ignored = bool(half.max() <= LONGEST)
    for length, longest in ((default, LONGEST), (half, TIME // 2)):
        seen = int(length.min()), int(length.max())
        if seen[0] == seen[1]:
            demand(False, "time_mask.fixed_length", seen)
        demand(seen[1] <= longest, "time_mask.too_long", seen)
        hint = "time_mask.ignores_fraction" if ignored else "time_mask.never_long"
        demand(seen[1] >= 0.8 * longest, hint, seen)
        demand(seen[0] <= 0.2 * longest, "time_mask.never_short", seen)
    values = len(set(half.tolist()))
    demand(values > TIME // 4, "time_mask.few_lengths", values)
    # Of five lengths none is rare (0.93^256 = 1e-8), and rounding takes off one at most.
    few = int(masked(student, 3, 256, max_fraction=4 / TIME).length.max())
    demand(few >= 3, "time_mask.never_long", few)


@rules.follows()
def test_long_segments(student: Student) -> None:
    """Segments may be nearly as long as a clip is, and as long as the fraction of a long clip."""
    for time, fraction in ((40, 0.9), (4000, 0.5)):
        wave, longest = clips(128, time), fraction * time
        out = rules.checked(student.time_mask(wave.clone(), fraction, twin(14)), wave)
        # Of 128 lengths some are in the longest fifth but for 4e-13.
        seen = int((out == 0).sum(dim=1).max())
        demand(0.8 * longest <= seen, "time_mask.never_long", (seen, longest))
        demand(seen <= longest + 1, "time_mask.too_long", (seen, longest))


@rules.follows()
def test_positions(student: Student) -> None:
    """Masks lie anywhere in the clip, whatever their length."""
    seen = many(student)
    some = seen.start.isfinite()
    start, length = seen.start[some], seen.length[some].double()
    demand(len(set(start.tolist())) > 1, "time_mask.fixed_start", start[:1])
    touched = seen.mask.reshape(len(seen.mask), 8, TIME // 8).any(dim=2).any(dim=0)
    demand(touched.all(), "time_mask.positions", touched.tolist())
    calls = seen.mask.reshape(CALLS, CLIPS, TIME)
    if bool((calls == calls[:1]).all()):
        return  # 32 masks for ever: test_generator says so
    # What is drawn separately from the length may be the start, the centre, or the share of
    # the places that are left; and of 112 places more than a third are seen in 100 masks.
    forms = start, start + length / 2, start / (TIME - length).clamp(min=1)
    tied = min(dependence(length, form) for form in forms)
    demand(tied < DEPENDENT, "time_mask.start_follows_length", tied)
    demand(len(set(start.tolist())) > TIME // 3, "time_mask.few_starts", start)


@rules.follows()
def test_masks_fit(student: Student) -> None:
    """A mask starts where it fits: neither end of the clip cuts it.

    A start that is uniform over the valid ones, or over all samples and then moved to fit,
    makes a mask of length n touch the last sample, or the first, with a chance of at most
    (n + 1) / TIME.
    By Bernstein's inequality the count of such masks, with mean at most m, exceeds
    m + 6.2 + sqrt(38 + 37 m) with a chance below 1e-8. Masks of up to a quarter of the longest
    length are looked at, since those that are cut are short.
    """
    seen = masked(student, 2, 2048, max_fraction=0.5)
    short = (seen.length > 0) & (seen.length <= TIME // 8)
    mean = float((seen.length[short] + 1).sum()) / TIME
    bound = mean + 6.2 + math.sqrt(38 + 37 * mean)
    for end in (seen.mask[:, -1], seen.mask[:, 0]):
        touching = int((short & end).sum())
        demand(touching <= bound, "time_mask.cut_off", (touching, bound))


@rules.follows("unchanged", "not_random", "everything", "sometimes", "not_finite")
def test_generator(student: Student) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    wave = clips(64, 400)

    def call(generator: Generator) -> Tensor:
        return rules.checked(student.time_mask(wave.clone(), generator=generator), wave)

    rules.comes_from_generator(student, call, seed=9)


@rules.follows("unchanged", "not_random", "everything", "fixed_seed")
def test_default_generator(student: Student) -> None:
    """Without a generator, the masks are other ones at every call."""
    wave = clips(64, 400)
    rules.varies_by_default(lambda: rules.checked(student.time_mask(wave.clone()), wave))


def test_input_is_kept(student: Student) -> None:
    """The clips given are not modified."""
    student.time_mask(clips(64, 400).clone(), generator=twin(11))
    rules.keeps_input(student)


def test_dtype(student: Student) -> None:
    """The result has the wave's dtype, float32 or float64."""
    for dtype in (torch.float32, torch.float64):
        wave = clips(8, 400, dtype)
        rules.keeps_dtype(student.time_mask(wave.clone(), generator=twin(12)), wave)
