"""Hidden suite of the part ``spec_augment``.

No cell of a test spectrogram is near its clip's mean, so which cells a call replaced can be
read from its result: a mel bin counts as masked when most of its frames changed, a frame when
most of its mel bins did. Means come from an independent float64 oracle
(reference/oracle_spec_augment.py).

False alarms. A random width may follow any distribution that reaches the whole range: the
widest fifth and the narrowest fifth of it need only be seen once in 1024 clips, which
a distribution that gives each 2 % of the clips misses with a chance of 0.98^1024 = 1e-9. So it
is with the quarters of both axes. Rounding: a float32 mean of 384 values near -10 is off by
1e-5 at most; the nearest mistake is 1e-2 away.
"""

from __future__ import annotations

from collections.abc import Mapping

from dataclasses import dataclass, fields
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Wrong
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import always, at_every_size, close, demand, essential, weigh

CLIPS, REPEATS = 16, 64
"""The clips of the reference, over and over, make 1024."""

FILLED = 256
"""Of so many clips the values are looked at: what fills a mask is no matter of chance."""

MAX_MELS, MAX_FRAMES = 6, 8
"""What the signature says."""


def twin(seed: int) -> torch.Generator:
    """A generator that starts from ``seed``, like every other of that seed."""
    return torch.Generator().manual_seed(seed)


def checked(result: object, mel: Tensor) -> Tensor:
    """``result`` in float64, if it is a real tensor shaped like ``mel``."""
    demand(isinstance(result, Tensor), "spec_augment.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    demand(result.layout == mel.layout, "spec_augment.not_a_tensor", result.layout)
    demand(result.shape == mel.shape, "spec_augment.shape", tuple(result.shape))
    demand(result.is_floating_point(), "spec_augment.dtype", result.dtype)
    demand(result.device == mel.device, "spec_augment.dtype", result.device)
    return result.detach().as_subclass(Tensor).double()


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
    student: Student,
    reference: Mapping[str, Tensor],
    seed: int,
    repeats: int = REPEATS,
    **widths: int,
) -> Masks:
    """What a call does to the clips of the reference, repeated. Tests share the calls."""
    calls, key = _calls.setdefault(student, {}), (seed, repeats, *widths.items())
    if key not in calls:
        mel = reference["mel"].repeat(repeats, 1, 1)
        out = checked(student.spec_augment(mel.clone(), generator=twin(seed), **widths), mel)
        mel = mel.double()
        changed = ~((out - mel).abs() < 1e-3)
        mels, frames = (changed.sum(dim=d) > 0.7 * changed.shape[d] for d in (2, 1))
        calls[key] = Masks(mel, out, changed, mels, frames)
    return calls[key]


def stretches(mask: Tensor) -> Tensor:
    """How many contiguous runs each row of ``mask`` holds."""
    return (mask[:, 1:] & ~mask[:, :-1]).sum(dim=1) + mask[:, 0]


def starts(mask: Tensor) -> list[int]:
    """Where the masks begin, in the clips that have one."""
    found: list[int] = mask.double().argmax(dim=1)[mask.any(dim=1)].tolist()
    return found


@essential
def test_kind(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Something is masked, and the result is a tensor of the spectrogram's shape."""
    changed = []

    def call(size: tuple[int, int, int]) -> None:
        clips, mels, frames = size
        mel = reference["mel"][:clips, :mels, :frames].contiguous()
        for seed in (1, 2):
            out = checked(student.spec_augment(mel.clone(), generator=twin(seed)), mel)
            demand(out.isfinite().all(), "spec_augment.not_finite")
            kept = (out - mel.double()).abs() < 1e-3
            demand(kept.any(), "spec_augment.untouched")
            changed.append(not kept.all())

    sizes = [(16, 16, 24), (3, 13, 21), (1, 16, 12)]
    at_every_size(sizes, call, "spec_augment.any_size")
    demand(any(changed), "spec_augment.unchanged")


def test_clips_are_independent(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Every clip gets masks of its own, in their places and in their widths.

    Up to six calls, each of 32 clips, of which half have a mask at least: all agree in all calls
    with a chance of 0.7^90 = 1e-14, even where one width or place is drawn for 70 % of the clips.
    """
    found, seen = False, []
    for seed in range(30, 36):
        call = masks(student, reference, seed, repeats=2)
        found |= bool(call.cells.any())
        axes = call.mels, call.frames
        places = [set(starts(mask)) for mask in axes]
        seen.append([*places, *(set(mask.sum(dim=1).tolist()) for mask in axes)])
        agree = [all(len(values) <= 1 for values in kind) for kind in zip(*seen, strict=True)]
        if not any(agree):
            return
    varies = [len(set.union(*kind)) > 1 for kind in zip(*seen, strict=True)]
    shared = any(a and v for a, v in zip(agree, varies, strict=True))
    demand(not shared, "spec_augment.shared_mask", seen)
    demand(not (found and all(agree)), "spec_augment.not_random", seen)


@weigh(2)
def test_one_band_and_one_span(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A clip loses one contiguous band of mel bins and one contiguous span of frames."""
    seen = masks(student, reference, seed=1)
    if bool((seen.changed & ~seen.cells).any()):
        box = seen.changed.any(dim=2)[:, :, None] & seen.changed.any(dim=1)[:, None, :]
        demand(not torch.equal(box, seen.changed), "spec_augment.patch")
        demand(False, "spec_augment.scattered")
    demand(seen.mels.any(), "spec_augment.no_mel_band")
    demand(seen.frames.any(), "spec_augment.no_frame_span")
    for mask in (seen.mels, seen.frames):
        demand(stretches(mask).max() <= 1, "spec_augment.scattered", stretches(mask).max())


@weigh(2)
def test_fill(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Masked cells hold the mean of their clip; all others are left alone."""
    seen = masks(student, reference, seed=1).first(FILLED)
    kept = (seen.out - seen.mel)[~seen.cells].abs()
    demand(not bool((kept > 1e-4).any()), "spec_augment.untouched")
    mean, lowest, batch_mean = (
        value.repeat(FILLED // CLIPS)[:, None, None] if len(value) > 1 else value
        for value in (reference["mean"], reference["lowest"], reference["batch_mean"])
    )
    cells, mels, frames = seen.cells, seen.mels[:, :, None], seen.frames[:, None, :]
    if close(seen.out, seen.mel.where(~cells, mean), rtol=1e-4, atol=1e-4):
        return
    row_mean = reference["row_mean"].repeat(FILLED // CLIPS, 1)[:, :, None].expand_as(seen.mel)
    frame_mean = reference["frame_mean"].repeat(FILLED // CLIPS, 1)[:, None, :].expand_as(seen.mel)

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


def test_widths_are_separate(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The widths of the two masks are drawn separately.

    Over 1024 clips the correlation of two widths drawn separately has a standard deviation
    of 0.031.
    """
    seen = masks(student, reference, seed=1)
    widths = torch.stack([seen.mels.sum(dim=1), seen.frames.sum(dim=1)]).double()
    varied = bool((widths.std(dim=1) > 0).all())
    correlation = float(torch.corrcoef(widths)[0, 1]) if varied else 0.0
    demand(abs(correlation) < 0.9, "spec_augment.same_width", correlation)


@weigh(2)
def test_widths(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Widths are random from 0 to max_mels and max_frames, 6 and 8 unless told otherwise."""
    default = masks(student, reference, seed=1)
    given = masks(student, reference, seed=2, max_mels=10, max_frames=4)
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


def test_positions(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Masks lie anywhere along both axes."""
    seen = masks(student, reference, seed=1)
    for mask in (seen.mels, seen.frames):
        demand(len(set(starts(mask))) > 1, "spec_augment.fixed_start")
        touched = mask.any(dim=0).reshape(4, -1).any(dim=1)
        demand(touched.all(), "spec_augment.positions", touched.tolist())


def test_masks_as_wide_as_the_clip(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A spectrogram with no more mel bins and frames than a mask may have is masked too."""
    mel = reference["mel"][:, :MAX_MELS, :MAX_FRAMES].repeat(8, 1, 1)
    try:
        out = checked(student.spec_augment(mel.clone(), generator=twin(11)), mel)
    except Crashed as error:
        raise Wrong("spec_augment.no_room", error.detail) from error
    demand(out.isfinite().all(), "spec_augment.not_finite")


def test_generator(student: Student, reference: Mapping[str, Tensor]) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    mel = reference["mel"]

    def call(generator: torch.Generator) -> Tensor:
        return checked(student.spec_augment(mel.clone(), generator=generator), mel)

    student.seed(1)
    first = call(twin(12))
    student.seed(2)
    demand(close(first, call(twin(12))), "spec_augment.ignores_generator")
    generator = twin(13)
    # Four calls, since a student may draw a seed from a small range.
    same = always(lambda: call(generator), 4)
    if same is not None:
        fixed = close(same, first)
        demand(False, "spec_augment.fixed_seed" if fixed else "spec_augment.restarts_generator")


def test_default_widths(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The greatest widths are 6 and 8 when none are given."""
    mel = reference["mel"]
    default, given = (
        checked(student.spec_augment(mel.clone(), *widths, generator=twin(16)), mel)
        for widths in ((), (MAX_MELS, MAX_FRAMES))
    )
    demand(close(default, given), "spec_augment.default_widths")


def test_default_generator(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Without a generator, the masks are other ones at every call."""
    mel = reference["mel"]
    same = always(lambda: checked(student.spec_augment(mel.clone()), mel), 4)
    demand(same is None, "spec_augment.default_generator")


def test_input_is_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The spectrograms given are not modified."""
    student.spec_augment(reference["mel"], generator=twin(14))
    demand(not student.mutated, "spec_augment.modifies_input")


def test_dtype(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The result has the spectrogram's dtype, float32 or float64."""
    for dtype in (torch.float32, torch.float64):
        mel = reference["mel"].to(dtype)
        out = student.spec_augment(mel.clone(), generator=twin(15))
        checked(out, mel)
        demand(out.dtype == dtype, "spec_augment.dtype", out.dtype)
