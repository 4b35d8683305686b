"""Hidden suite of the part ``spec_augment``.

No cell of a test spectrogram is near its clip's mean, so which cells a call replaced can be
read from its result: a mel bin counts as masked when most of its frames changed, a frame when
most of its mel bins did. Means come from an independent float64 oracle
(reference/oracle_spec_augment.py).

False alarms. The text lets a random width follow any distribution in which no fifth of the
range is rarer than one clip in fifty: a fifth is not seen in 1024 clips with a chance of
0.98^1024 = 1e-9 at most. So it is with the quarters of both axes. What the tests of separate
draws rely on is said in :mod:`autograder.lab.testing.randomness`. Rounding: a float32 mean of
384 values near -10 is off by 1e-5 at most; the nearest mistake is 1e-2 away.
"""

from __future__ import annotations

from collections.abc import Mapping

from dataclasses import dataclass, fields
from weakref import WeakKeyDictionary

import torch
from torch import Generator, Tensor

from autograder.lab.testing.failures import Crashed, Wrong
from autograder.lab.testing.randomness import (
    CALLS,
    CLIPS,
    DEPENDENT,
    REPEATED,
    SHARED,
    Rules,
    dependence,
    repeated,
    shared,
    twin,
)
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand, essential, weigh

SPOKEN = 16
"""Clips of the reference; a call gets them over and over."""

FILLED = 256
"""Of so many clips the values are looked at: what fills a mask is no matter of chance."""

MAX_MELS, MAX_FRAMES = 6, 8
"""What the signature says."""
rules = Rules("spec_augment")


@dataclass(frozen=True)
class Masks:
    """What one call did to a batch of spectrograms."""

    mel: Tensor
    out: Tensor
    changed: Tensor
    """Cells that are not what they were, bool [clips, mels, frames]."""
    mels: Tensor
    """Masked mel bins, bool [clips, mels]."""
    frames: Tensor
    """Masked frames, bool [clips, frames]."""

    def first(self, clips: int) -> Masks:
        """The same of the first ``clips`` clips."""
        return Masks(*(getattr(self, field.name)[:clips] for field in fields(self)))

    @property
    def cells(self) -> Tensor:
        """Cells of a masked mel bin or frame, bool [clips, mels, frames]."""
        return self.mels[:, :, None] | self.frames[:, None, :]


_calls: WeakKeyDictionary[Student, dict[tuple[object, ...], Masks]] = WeakKeyDictionary()


def masks(
    student: Student, reference: Mapping[str, Tensor], seed: int, clips: int, **widths: int
) -> Masks:
    """What a call does to ``clips`` clips. Tests share the calls."""
    calls, key = _calls.setdefault(student, {}), (seed, clips, *widths.items())
    if key not in calls:
        mel = reference["mel"].repeat(clips // SPOKEN, 1, 1)
        out = rules.checked(student.spec_augment(mel.clone(), generator=twin(seed), **widths), mel)
        calls[key] = read(mel.double(), out)
    return calls[key]


def many(student: Student, reference: Mapping[str, Tensor]) -> Masks:
    """What CALLS calls do to CLIPS clips each, one below the other. Tests share them."""
    calls, key = _calls.setdefault(student, {}), ("many",)
    if key not in calls:
        mel = reference["mel"].repeat(CLIPS // SPOKEN, 1, 1)
        outs = [
            rules.checked(student.spec_augment(mel.clone(), generator=twin(seed)), mel)
            for seed in range(100, 100 + CALLS)
        ]
        calls[key] = read(mel.double().repeat(CALLS, 1, 1), torch.cat(outs))
    return calls[key]


def read(mel: Tensor, out: Tensor) -> Masks:
    """The masks that made ``out`` of ``mel``."""
    changed = ~((out - mel).abs() < 1e-3)
    mels, frames = (changed.sum(dim=d) > 0.7 * changed.shape[d] for d in (2, 1))
    return Masks(mel, out, changed, mels, frames)


def stretches(mask: Tensor) -> Tensor:
    """How many contiguous runs each row of ``mask`` holds."""
    return (mask[:, 1:] & ~mask[:, :-1]).sum(dim=1) + mask[:, 0]


def starts(mask: Tensor) -> Tensor:
    """Where the masks begin, [clips]; NaN where there is none."""
    return mask.double().argmax(dim=1).where(mask.any(dim=1), torch.nan)


@essential
@rules.follows()
def test_kind(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Something is masked, and the result is a tensor of the spectrogram's shape."""
    changed = []

    def call(size: tuple[int, int, int]) -> None:
        clips, mels, frames = size
        mel = reference["mel"].repeat(1, 3, 5)[:clips, :mels, :frames].contiguous()
        for seed in (1, 2):
            out = rules.checked(student.spec_augment(mel.clone(), generator=twin(seed)), mel)
            demand(out.isfinite().all(), "spec_augment.not_finite")
            kept = (out - mel.double()).abs() < 1e-3
            demand(kept.any(), "spec_augment.untouched")
            changed.append(not kept.all())

    sizes = [(16, 16, 24), (3, 13, 21), (1, 16, 12), (4, 40, 120)]
    few = reference["mel"][:1]
    rules.takes(sizes, call, lambda seed: student.spec_augment(few.clone(), generator=twin(seed)))
    demand(any(changed), "spec_augment.unchanged")


@rules.follows()
def test_clips_are_independent(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Every clip gets masks of its own, in their places and in their widths."""
    seen = many(student, reference)
    axes = seen.mels, seen.frames
    places = [starts(mask).reshape(CALLS, CLIPS) for mask in axes]
    widths = [mask.sum(dim=1).double().reshape(CALLS, CLIPS) for mask in axes]
    agree, vary = zip(*(one_value(draw) for draw in (*places, *widths)), strict=True)
    demand(not any(a and v for a, v in zip(agree, vary, strict=True)), "spec_augment.shared_mask")
    demand(not (bool(seen.cells.any()) and all(agree)), "spec_augment.not_random")
    common = max(map(shared, (*places, *widths)))
    demand(common < SHARED, "spec_augment.shared_draw", common)
    other = repeated(*places, *widths)
    demand(other < REPEATED, "spec_augment.repeated", other)


def one_value(draw: Tensor) -> tuple[bool, bool]:
    """Whether the clips of each call agree in ``draw`` [calls, clips], and whether calls differ."""
    known = [set(call[call.isfinite()].tolist()) for call in draw]
    return all(len(values) <= 1 for values in known), len(set().union(*known)) > 1


@weigh(2)
@rules.follows()
def test_one_band_and_one_span(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A clip loses one contiguous band of mel bins and one contiguous span of frames."""
    seen = many(student, reference)
    if bool((seen.changed & ~seen.cells).any()):
        box = seen.changed.any(dim=2)[:, :, None] & seen.changed.any(dim=1)[:, None, :]
        demand(not torch.equal(box, seen.changed), "spec_augment.patch")
        demand(False, "spec_augment.scattered")
    demand(seen.mels.any(), "spec_augment.no_mel_band")
    demand(seen.frames.any(), "spec_augment.no_frame_span")
    for mask in (seen.mels, seen.frames):
        demand(stretches(mask).max() <= 1, "spec_augment.scattered", stretches(mask).max())


@weigh(2)
@rules.follows()
def test_fill(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Masked cells hold the mean of their clip; all others are left alone."""
    seen = many(student, reference).first(FILLED)
    kept = (seen.out - seen.mel)[~seen.cells].abs()
    demand(not bool((kept > 1e-4).any()), "spec_augment.untouched")
    mean, lowest, batch_mean = (
        value.repeat(FILLED // SPOKEN)[:, None, None] if len(value) > 1 else value
        for value in (reference["mean"], reference["lowest"], reference["batch_mean"])
    )
    cells, mels, frames = seen.cells, seen.mels[:, :, None], seen.frames[:, None, :]
    if close(seen.out, seen.mel.where(~cells, mean), rtol=1e-4, atol=1e-4):
        return
    row_mean = reference["row_mean"].repeat(FILLED // SPOKEN, 1)[:, :, None].expand_as(seen.mel)
    frame_mean = reference["frame_mean"].repeat(FILLED // SPOKEN, 1)[:, None, :].expand_as(seen.mel)

    def average(of: Tensor) -> Tensor:
        return seen.mel.where(of, 0).sum((1, 2), True) / of.sum((1, 2), True).clamp(min=1)

    def filled(*steps: tuple[Tensor, Tensor]) -> Tensor:
        out = seen.mel
        for where, value in steps:
            out = torch.where(where, value, out)
        return out

    def again(first: Tensor, second: Tensor) -> Tensor:
        """The mean taken anew before the second mask."""
        half = filled((first, mean))
        return filled((first, mean), (second, half.mean((1, 2), True)))

    zeroed = seen.mel.where(~cells, 0).mean((1, 2), True)
    mistakes = [
        ("zero_fill", filled((cells, torch.zeros(()).double()))),
        ("batch_mean", filled((cells, batch_mean))),
        ("lowest", filled((cells, lowest))),
        ("mean_after_masking", filled((cells, zeroed))),
        ("mean_after_masking", filled((cells, average(~cells)))),
        ("mean_after_masking", again(mels, frames)),
        ("mean_after_masking", again(frames, mels)),
        ("band_mean", filled((cells, average(cells)))),
        ("band_mean", filled((cells, row_mean))),
        ("band_mean", filled((cells, frame_mean))),
    ]
    near = [name for name, value in mistakes if close(seen.out, value, rtol=1e-3)]
    demand(False, f"spec_augment.{[*near, 'fill'][0]}")


@rules.follows()
def test_widths_are_separate(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The widths of the two masks are drawn separately."""
    seen = many(student, reference)
    if same_in_every_call(seen):
        return
    tied = dependence(seen.mels.sum(dim=1), seen.frames.sum(dim=1))
    demand(tied < DEPENDENT, "spec_augment.same_width", tied)


def same_in_every_call(seen: Masks) -> bool:
    """Whether there are 32 pairs of masks for ever, as test_generator says then."""
    changed = seen.changed.reshape(CALLS, CLIPS, -1)
    return bool((changed == changed[:1]).all())


@weigh(2)
@rules.follows()
def test_widths(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Widths are random from 0 to max_mels and max_frames, 6 and 8 unless told otherwise."""
    default = many(student, reference)
    given = masks(student, reference, 2, 1024, max_mels=10, max_frames=4)
    limits = (default.mels, MAX_MELS), (default.frames, MAX_FRAMES), (given.mels, 10)
    widest = [int(mask.sum(dim=1).max()) for mask, _ in (*limits, (given.frames, 4))]
    if widest[2] <= 4 and 4 < widest[3] <= 10:
        demand(False, "spec_augment.swapped", widest)
    if widest[2] <= MAX_MELS and widest[3] > 4:
        demand(False, "spec_augment.ignores_limits", widest)
    for mask, limit in (*limits, (given.frames, 4)):
        width = mask.sum(dim=1)
        seen = int(width.min()), int(width.max())
        demand(seen[1] <= limit, "spec_augment.too_wide", seen)
        demand(seen[0] < seen[1], "spec_augment.fixed_width", seen)
        demand(seen[1] >= min(0.8 * limit, limit - 1), "spec_augment.never_wide", seen)
        demand(seen[0] <= max(0.2 * limit, 1), "spec_augment.never_narrow", seen)
    for mask, limit in ((given.mels, 10), (given.frames, 4)):
        values = len(set(mask.sum(dim=1).tolist()))
        demand(values >= 0.6 * (limit + 1), "spec_augment.few_widths", values)


@rules.follows()
def test_positions(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Masks lie anywhere along both axes: neither a width nor the other mask decides where."""
    seen = many(student, reference)
    axes = seen.mels, seen.frames
    places = [starts(mask) for mask in axes]
    for mask, place in zip(axes, places, strict=True):
        where = set(place[place.isfinite()].tolist())
        demand(len(where) > 1, "spec_augment.fixed_start", where)
        touched = mask.any(dim=0).reshape(4, -1).any(dim=1)
        demand(touched.all(), "spec_augment.positions", touched.tolist())
        demand(len(where) > mask.shape[1] // 4, "spec_augment.few_starts", where)
    if same_in_every_call(seen):
        return
    # What is drawn separately may be the start, the centre, or the share of the places left.
    forms = [
        [start, start + width / 2, start / (mask.shape[1] - width).clamp(min=1)]
        for mask, start, width in zip(axes, places, (m.sum(dim=1) for m in axes), strict=True)
    ]
    for mask in axes:
        width = mask.sum(dim=1)
        for kinds in forms:
            some = kinds[0].isfinite() & (width > 0)
            tied = min(dependence(width[some], kind[some]) for kind in kinds)
            demand(tied < DEPENDENT, "spec_augment.start_follows_width", tied)
    both = forms[0][0].isfinite() & forms[1][0].isfinite()
    tied = min(dependence(a[both], b[both]) for a, b in zip(*forms, strict=True))
    demand(tied < DEPENDENT, "spec_augment.same_place", tied)


@rules.follows()
def test_masks_as_wide_as_the_clip(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A spectrogram with no more mel bins and frames than a mask may have is masked too."""
    many(student, reference)  # what raises for any spectrogram is told as such
    mel = reference["mel"][:, :MAX_MELS, :MAX_FRAMES].repeat(8, 1, 1)
    try:
        out = rules.checked(student.spec_augment(mel.clone(), generator=twin(11)), mel)
    except Crashed as error:
        raise Wrong("spec_augment.no_room", error.detail) from error
    demand(out.isfinite().all(), "spec_augment.not_finite")


@rules.follows()
def test_no_width(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Where the greatest width is 0, there is no mask of that kind."""
    many(student, reference)  # what raises for any width is told as such
    mel = reference["mel"]
    for widths in ((0, MAX_FRAMES), (MAX_MELS, 0), (0, 0)):
        try:
            out = student.spec_augment(mel.clone(), *widths, generator=twin(17))
        except Crashed:
            continue  # widths that never reach the greatest may not bear it
        seen = read(mel.double(), rules.checked(out, mel))
        for mask, width in zip((seen.mels, seen.frames), widths, strict=True):
            demand(width > 0 or not mask.any(), "spec_augment.zero_width", widths)


@rules.follows("unchanged", "not_random", "everything", "sometimes", "not_finite")
def test_generator(student: Student, reference: Mapping[str, Tensor]) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    mel = reference["mel"]

    def call(generator: Generator) -> Tensor:
        return rules.checked(student.spec_augment(mel.clone(), generator=generator), mel)

    rules.comes_from_generator(student, call, seed=12)


@rules.follows()
def test_default_widths(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The greatest widths are 6 and 8 when none are given."""
    mel = reference["mel"]
    default, given = (
        rules.checked(student.spec_augment(mel.clone(), *widths, generator=twin(16)), mel)
        for widths in ((), (MAX_MELS, MAX_FRAMES))
    )
    demand(close(default, given), "spec_augment.default_widths")


@rules.follows("unchanged", "not_random", "everything", "fixed_seed")
def test_default_generator(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Without a generator, the masks are other ones at every call."""
    mel = reference["mel"]
    rules.varies_by_default(lambda: rules.checked(student.spec_augment(mel.clone()), mel))


def test_input_is_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The spectrograms given are not modified."""
    student.spec_augment(reference["mel"], generator=twin(14))
    rules.keeps_input(student)


def test_dtype(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The result has the spectrogram's dtype, float32 or float64."""
    for dtype in (torch.float32, torch.float64):
        mel = reference["mel"].to(dtype)
        rules.keeps_dtype(student.spec_augment(mel.clone(), generator=twin(15)), mel)
