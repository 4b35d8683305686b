"""Hidden suite of the part ``span_mask``.

How likely each mask is follows from the text; the chances come from an oracle that follows every
way to lay spans (reference/oracle_span_mask.py). Fractions are .25, .5, .75 and 1, which floats
hold exactly.

False alarms. A thing of chance p is seen in n clips not more than 6.5 standard deviations and 7
clips away from n p; by Bernstein's inequality that fails with a chance below 2e-8 where 10 clips
or more are expected, and below 2e-7 elsewhere. Below 60 such counts are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Wrong
from autograder.lab.testing.randomness import twin
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import always, close, demand, essential, presumes, weigh

TOKENS = 24


def prefixes(lengths: list[int], tokens: int = TOKENS) -> Tensor:
    """Clips with so many tokens of speech each, bool [batch, tokens]."""
    return torch.arange(tokens) < torch.tensor(lengths)[:, None]


def checked(result: object, speech: Tensor) -> Tensor:
    """``result``, if it is a mask for ``speech``."""
    demand(isinstance(result, Tensor), "span_mask.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    demand(result.dtype == torch.bool, "span_mask.dtype", result.dtype)
    demand(result.shape == speech.shape, "span_mask.shape", tuple(result.shape))
    return result.detach()


Masks = tuple[Tensor, Tensor]
"""Speech of some clips, and what is hidden of it."""

_calls: WeakKeyDictionary[Student, dict[tuple[object, ...], Masks]] = WeakKeyDictionary()


def masks(
    student: Student,
    lengths: tuple[int, ...],
    repeats: int,
    seed: int,
    *args: float,
    tokens: int = TOKENS,
) -> Masks:
    """Speech of clips of ``lengths``, over and over, and their masks. Tests share the calls."""
    calls, key = _calls.setdefault(student, {}), (lengths, repeats, seed, args, tokens)
    if key not in calls:
        speech = prefixes(list(lengths) * repeats, tokens)
        mask = checked(student.span_mask(speech.clone(), *args, generator=twin(seed)), speech)
        calls[key] = speech, mask
    return calls[key]


def of_every_length(student: Student, span: int = 5) -> Masks:
    """Masks of 20 clips of each length from two more than ``span`` on, half of each hidden."""
    return masks(student, tuple(range(span + 2, TOKENS + 1)), 20, span, 0.5, span)


def shortest_run(mask: Tensor) -> Tensor:
    """Length of the shortest run of masked tokens in each clip, [batch]; long where none is."""
    shortest = torch.full((len(mask),), mask.shape[1])
    run = torch.zeros(len(mask), dtype=torch.long)
    for token in (*mask.T, torch.zeros(len(mask), dtype=torch.bool)):
        ended = ~token & (run > 0)
        shortest = torch.where(ended, torch.minimum(shortest, run), shortest)
        run = (run + 1) * token
    return shortest


def likely(seen: Tensor, chance: Tensor, clips: int) -> bool:
    """Whether things of ``chance`` may well be seen so often in ``clips`` clips."""
    away = (seen.double() - clips * chance).abs()
    deviation = (clips * chance * (1 - chance)).sqrt()
    return bool((away <= torch.where(chance > 0, 6.5 * deviation + 7, 0)).all())


@essential
def test_kind(student: Student) -> None:
    """The result is a mask, bool [batch, tokens], that hides something and not all."""
    for lengths, tokens in (([24, 11, 17], 24), ([20], 20), ([23, 20], 31)):
        speech = prefixes(lengths, tokens)
        mask = checked(student.span_mask(speech.clone(), generator=twin(1)), speech)
        demand(mask.any(), "span_mask.nothing")
        demand(not bool(mask[speech].all()), "span_mask.everything")


@presumes(test_kind)
def test_speech_alone(student: Student) -> None:
    """Nothing but speech is masked."""
    speech, mask = of_every_length(student)
    outside = mask & ~speech
    if bool(outside.any()):
        inverted = torch.equal(mask | speech, torch.ones_like(mask))
        demand(False, f"span_mask.{'inverted' if inverted else 'outside_speech'}")


@weigh(2)
@presumes(test_kind, test_speech_alone)
def test_whole_spans(student: Student) -> None:
    """Masked tokens lie in whole spans, never cut."""
    shortest = {}
    for span in (5, 3):
        speech, mask = of_every_length(student, span)
        shortest[span] = int(shortest_run(mask & speech).min())
    # A run that is cut anywhere has one token somewhere.
    ignored = shortest[3] == shortest[5] not in (1, 3)
    demand(not ignored, "span_mask.ignores_span", shortest)
    for span in (5, 3):
        speech, mask = of_every_length(student, span)
        cut = shortest_run(mask & speech) < span
        if bool(cut.any()):
            # Cut by the end of the speech alone, or anywhere?
            last = speech & ~torch.cat([speech[:, 1:], torch.zeros(len(speech), 1).bool()], 1)
            at_end = (mask & last).any(1)
            demand(not bool((cut & ~at_end).any()), "span_mask.scattered", (span, int(cut.sum())))
            demand(False, "span_mask.cut", (span, int(cut.sum())))


LAID = (test_kind, test_speech_alone, test_whole_spans)
"""What follows from a mistake in these has no hint of its own."""


@presumes(*LAID)
def test_enough(student: Student) -> None:
    """At least the fraction asked for of each clip's speech is masked."""
    speech, mask = of_every_length(student)
    share = mask.sum(1) / speech.sum(1)
    demand(share.min() >= 0.5, "span_mask.too_few", share.min())


@presumes(*LAID, test_enough)
def test_not_more(student: Student) -> None:
    """No span is laid any more once enough is masked."""
    _, mask = masks(student, (20,), 1024, 2, 0.5, 5)
    least = int(mask.sum(1).min())
    demand(least != 11, "span_mask.one_more", least)
    speech, mask = of_every_length(student)
    count, length = mask.sum(1), speech.sum(1)
    demand(bool((2 * (count - 5) < length).all()), "span_mask.too_many", count.tolist()[-20:])


@presumes(*LAID)
def test_short_clips(student: Student) -> None:
    """A clip with less speech than a span is masked whole, one without speech not at all."""
    for lengths in ([12, 4, 1, 20], [3, 3], [2]):
        speech = prefixes(lengths)
        try:
            mask = checked(student.span_mask(speech.clone(), generator=twin(3)), speech)
        except Crashed as error:
            raise Wrong("span_mask.short_clip", f"{lengths}: {error.detail}") from error
        short = torch.tensor(lengths) < 5
        demand(torch.equal(mask[short], speech[short]), "span_mask.short_clip", lengths)
    for lengths in ([12, 0, 20], [0, 0]):
        speech = prefixes(lengths)
        try:
            mask = checked(student.span_mask(speech.clone(), generator=twin(4)), speech)
        except Crashed as error:
            raise Wrong("span_mask.silence", f"{lengths}: {error.detail}") from error
        demand(not bool(mask[torch.tensor(lengths) == 0].any()), "span_mask.silence", lengths)


@presumes(*LAID)
def test_clip_as_long_as_a_span(student: Student) -> None:
    """A clip with exactly a span of speech has one place for it."""
    speech = prefixes([5, 5, 24])
    try:
        mask = checked(student.span_mask(speech.clone(), 0.5, 5, twin(5)), speech)
    except Crashed as error:
        raise Wrong("span_mask.one_place", error.detail) from error
    demand(torch.equal(mask[:2], speech[:2]), "span_mask.one_place", mask[:2].sum(1))


@presumes(*LAID, test_not_more)
def test_clips_are_independent(student: Student) -> None:
    """Every clip gets spans of its own."""
    _, mask = masks(student, (6,), 2048, 8, 0.5, 3, tokens=9)
    starts = mask.double().argmax(1)
    if bool((starts == starts[0]).all()):
        # In this call, or in all? One of four starts is the same in nine calls once in 65,000.
        others = [masks(student, (6,), 2048, 18 + n, 0.5, 3, tokens=9)[1] for n in range(8)]
        always_there = all(torch.equal(starts, mask.double().argmax(1)) for mask in others)
        demand(False, f"span_mask.{'fixed_start' if always_there else 'shared_mask'}", starts[0])
    # Two starts drawn apart are equal as often as their own frequencies say.
    chance = (torch.bincount(starts) / len(starts)).double().square().sum()
    for step in (1, 2, 1024):
        same = (starts == starts.roll(step)).sum()
        demand(likely(same, chance, 2048), "span_mask.shared_mask", (step, int(same)))


COUNTED = (*LAID, test_enough, test_not_more)


@weigh(2)
@presumes(*COUNTED, test_clips_are_independent)
def test_starts(student: Student) -> None:
    """A span starts anywhere with the same chance, where it lies on speech whole."""
    # Half of 6 tokens is one span of 3: each of its 4 starts is seen by itself.
    _, mask = masks(student, (6,), 2048, 8, 0.5, 3, tokens=9)
    starts = torch.bincount(mask.double().argmax(1), minlength=4)
    demand(starts[3] > 0, "span_mask.never_last", starts.tolist())
    demand(starts[0] > 0, "span_mask.never_first", starts.tolist())
    even = likely(starts[:4], torch.full((4,), 0.25, dtype=torch.float64), 2048)
    ends = likely(starts[0] + starts[3], torch.tensor(0.5, dtype=torch.float64), 2048)
    demand(even and ends, "span_mask.starts", starts.tolist())


PLACED = (*COUNTED, test_clips_are_independent, test_starts)


@weigh(2)
@presumes(*PLACED)
def test_several_spans(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Each span is laid without regard to those that lie already; they may overlap."""
    _, mask = masks(student, (20,), 1024, 2, 0.5, 5)
    count, token = torch.bincount(mask.sum(1), minlength=21), mask[:, :20].sum(0)
    # Spans that lie apart hide exactly half.
    apart = count[11:].sum() == 0 and shortest_run(mask).min() == 5
    demand(not apart, "span_mask.no_overlap", count.tolist())
    demand(likely(count, reference["count"], 1024), "span_mask.laid_together", count.tolist())
    demand(likely(token, reference["token"], 1024), "span_mask.laid_together", token.tolist())
    _, mask = masks(student, (7,), 2048, 9, 0.5, 3, tokens=8)
    known, chance = reference["joint.masks"].bool(), reference["joint.chance"]
    same = (mask[:, None, :7] == known).all(2)
    seen = same.sum(0)
    demand(same.any(1).all(), "span_mask.laid_together", seen.tolist())
    demand(likely(seen, chance, 2048), "span_mask.laid_together", seen.tolist())


@presumes(*PLACED)
def test_arguments(student: Student) -> None:
    """Fraction and span are those that are given, half and 5 if none are."""
    speech, mask = masks(student, (8, 10, 20, 24), 50, 6)
    count, length = mask.sum(1), speech.sum(1)
    # Half of 8 and half of 10 tokens are hidden by one span of 5, and never by more.
    of_8 = sorted(set(count[length == 8].tolist()))
    another = of_8 != [5] and (len(of_8) == 1 or of_8[0] < 5)
    demand(not another, "span_mask.default_span", of_8)
    right = of_8 == [5] and bool((count[length == 10] == 5).all() and (2 * count >= length).all())
    demand(right, "span_mask.default_fraction", (of_8, float((count / length).min())))
    for span in (2, 3, 4):  # half of twice as many tokens
        _, mask = masks(student, (2 * span,), 20, 7, 0.5, span)
        seen = set(mask.sum(1).tolist())
        demand(seen == {span}, "span_mask.ignores_span", (span, seen))
    for fraction, span in ((0.25, 2), (0.75, 3), (1.0, 4)):
        speech, mask = masks(student, (20, 24), 100, 7, fraction, span)
        count, wanted = mask.sum(1), fraction * speech.sum(1)
        right = bool(((count >= wanted) & (count < wanted + span)).all())
        demand(right, "span_mask.ignores_fraction", (fraction, count.tolist()[:4]))


@presumes(*PLACED, test_several_spans, test_arguments)
def test_all_speech(student: Student) -> None:
    """Where all speech is asked for, all speech is masked and nothing else."""
    speech, mask = masks(student, (20, 24), 100, 7, 1.0, 4)
    demand(not bool((mask & ~speech).any()), "span_mask.outside_speech")
    demand(torch.equal(mask, speech), "span_mask.too_few", int((speech & ~mask).sum()))


@presumes(test_kind, test_clips_are_independent)
def test_generator(student: Student) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    speech = prefixes([24, 20, 17, 22])

    def call(generator: torch.Generator) -> Tensor:
        mask = checked(student.span_mask(speech.clone(), generator=generator), speech)
        return mask.double()

    student.seed(1)
    first = call(twin(12))
    student.seed(2)
    demand(close(first, call(twin(12))), "span_mask.ignores_generator")
    generator = twin(13)
    same = always(lambda: call(generator), 6)
    if same is not None:
        fixed = close(same, first)
        demand(False, f"span_mask.{'fixed_seed' if fixed else 'restarts_generator'}")


@presumes(test_kind, test_clips_are_independent, test_generator)
def test_default_generator(student: Student) -> None:
    """Without a generator, the masks are other ones at every call."""
    speech = prefixes([24, 20, 17, 22])
    same = always(lambda: checked(student.span_mask(speech.clone()), speech).double(), 6)
    demand(same is None, "span_mask.default_generator")


def test_input_is_kept(student: Student) -> None:
    """The speech that is given is not modified."""
    student.span_mask(prefixes([24, 3, 17]), generator=twin(14))
    demand(not student.mutated, "span_mask.modifies_input")
