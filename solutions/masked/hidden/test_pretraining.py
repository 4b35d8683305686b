"""Hidden suite of the part ``pretraining``: what can be seen of a voice without training.

Which voices are good is for the training run to say. Here the function is asked for what any of
them keeps: shape, dtype, finite values, its input, and time. These are conditions of the run.

Time is judged by where a clip is found again in its new voice. Each band's course over time is
compared with that of the same clip some frames earlier or later, in both halves of the clip; a
change of voice moves bands and levels, and leaves the best match where it was. Of 96 halves of 48
clips a quarter may be found elsewhere: noise and another, quiet clip leave nearly all in place,
and a shift by a token or a stretch by a fifth leaves few.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

import torch
from torch import Generator, Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand, essential, presumes, weigh

LAGS = range(-8, 9)
"""Frames by which a clip may be found too early or too late."""


class Call(NamedTuple):
    """What the function made of clips, and whether it changed them."""

    clips: Tensor
    returned: object
    changed: bool


_calls: WeakKeyDictionary[Student, list[Call]] = WeakKeyDictionary()


def calls(student: Student, reference: Mapping[str, Tensor]) -> list[Call]:
    """Calls at several batch sizes; the first two are of the whole batch. Tests share them."""
    if student not in _calls:
        generator, mel = Generator().manual_seed(11), reference["mel"]
        student.seed(11)
        made = []
        for clips in (mel, mel, torch.cat([mel] * 3), mel[:3], mel[:1]):
            result = student.make_input(clips.clone(), generator)
            made.append(Call(clips, result, "0" in student.mutated))
        _calls[student] = made
    return _calls[student]


def checked(clips: Tensor, result: object) -> Tensor:
    """``result``, if it is log-mels like ``clips``."""
    demand(isinstance(result, Tensor), "pretraining.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    seen = (result.dtype, tuple(clips.shape), tuple(result.shape))
    demand(result.shape == clips.shape, "pretraining.shape", seen)
    demand(result.dtype == clips.dtype, "pretraining.dtype", seen)
    demand(bool(result.isfinite().all()), "pretraining.not_finite", seen)
    return result.detach().double()


def likeness(a: Tensor, b: Tensor) -> Tensor:
    """How alike the courses of the bands are, [clips]: cosine of [bands, frames] less means."""
    a, b = ((x - x.mean(2, keepdim=True)).flatten(1) for x in (a, b))
    norm = (a.norm(dim=1) * b.norm(dim=1)).clamp_min(1e-12)
    return (a * b).sum(1) / norm


def found_at(mel: Tensor, heard: Tensor, first: int, end: int) -> tuple[Tensor, Tensor]:
    """Where a stretch of frames of ``heard`` is found in ``mel``: lags and likenesses, [clips]."""
    part = heard[:, :, first:end]
    alike = torch.stack([likeness(part, mel[:, :, first + g : end + g]) for g in LAGS])
    best = alike.max(0)
    return torch.tensor(LAGS)[best.indices], best.values


@weigh(0)
@essential
def test_inputs_are_log_mels(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The network's input is finite and has the shape and dtype of its clips."""
    for call in calls(student, reference):
        checked(call.clips, call.returned)


@weigh(0)
@essential
def test_clips_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The clips that are passed in are not modified."""
    for call in calls(student, reference):
        demand(not call.changed, "pretraining.modifies_input")


@weigh(0)
@essential
@presumes(test_inputs_are_log_mels)
def test_time_stays(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Every token stays the same moment of the same clip."""
    given = [
        (c.clips.double(), checked(c.clips, c.returned)) for c in calls(student, reference)[:2]
    ]
    mel, heard = (torch.cat(part) for part in zip(*given, strict=True))
    halves = [found_at(mel, heard, first, end) for first, end in ((8, 24), (24, 40))]
    lag, alike = (torch.cat(part) for part in zip(*halves, strict=True))
    clips = given[0][0]
    of_clip = torch.stack([likeness(heard, clip.expand_as(heard)) for clip in clips])
    own = of_clip.argmax(0) == torch.arange(len(heard)) % len(clips)
    in_time, own_share = (float(x.double().mean()) for x in (lag.abs() <= 1, own))
    seen = f"{in_time:.2f} in time, {own_share:.2f} own, {float(alike.mean()):.2f} alike"
    if in_time >= 0.75 and own_share >= 0.75:
        return
    demand(not likeness(heard, mel.flip(2)).mean() > 0.5, "pretraining.reversed", seen)
    another = own_share < 0.75 and bool(of_clip.amax(0).mean() > 0.7)
    demand(not another, "pretraining.other_clip", seen)
    demand(alike.mean() > 0.4, "pretraining.not_recognisable", seen)
    demand(False, "pretraining.time", seen)
