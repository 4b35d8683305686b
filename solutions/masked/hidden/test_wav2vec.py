"""Hidden suite of the part ``wav2vec``: half of the points for each of its functions.

Values of the loss come from an independent float64 oracle in plain loops
(reference/oracle_wav2vec.py). A float32 logit is a cosine over the temperature, off by 1e-5 at
most from temperature 0.05 on and by 1e-4 at 0.01; the nearest mistake is 5e-3 away.

Which distractors a token gets is judged by how often each occurs in the first column alone,
since those of a row need not be independent, and by the draws of two tokens together.

False alarms. A thing of chance p is seen in n rows not more than 6.5 standard deviations and 7
rows away from n p; by Bernstein's inequality that fails with a chance below 2e-8 where 10 rows
or more are expected. Below 40 such counts are looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.randomness import twin
from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import (
    always,
    close,
    demand,
    differ,
    nearest_mistake,
    presumes,
    weigh,
)

TOLERANCE = 1e-4
TEMPERATURE = 0.5
"""Of the case whose mistakes are known; unlike 1 and unlike the default."""

CLIPS, MASKED = 512, 4
"""What statistics are taken of: so many clips with so many masked tokens each."""


def mask_of(*rows: str) -> Tensor:
    """A mask drawn in characters: x is masked."""
    return torch.tensor([[character == "x" for character in row] for row in rows])


MIXED = mask_of("..xxxxx...", "xx..xxx...", "..........", "....xxxxxx", "xxx.......")
"""Clips of 5, 5, no, 6 and 3 masked tokens."""


def clip_of(mask: Tensor) -> Tensor:
    """The clip of each masked token, [masked tokens]."""
    return mask.nonzero()[:, 0]


def sampled(student: Student, mask: Tensor, count: int, seed: int = 1) -> Tensor:
    """Distractors that the student draws, if they are positions [masked tokens, count]."""
    return checked(
        student.sample_distractors(mask.clone(), count, generator=twin(seed)), mask, count
    )


def checked(result: object, mask: Tensor, count: int) -> Tensor:
    demand(isinstance(result, Tensor), "wav2vec.not_positions", type(result).__name__)
    assert isinstance(result, Tensor)
    demand(result.dtype == torch.long, "wav2vec.not_positions", result.dtype)
    shape = (int(mask.sum()), count)
    fewer = result.ndim == 2 and len(result) == shape[0] and result.shape[1] < count
    demand(not fewer, "wav2vec.count", (shape, tuple(result.shape)))
    demand(result.shape == shape, "wav2vec.positions_shape", (shape, tuple(result.shape)))
    return result.detach()


def in_range(drawn: Tensor) -> Tensor:
    """Which entries are positions in the list of masked tokens."""
    return (drawn >= 0) & (drawn < len(drawn))


_draws: WeakKeyDictionary[Student, dict[int, Tensor]] = WeakKeyDictionary()


def offsets(student: Student, seed: int = 5) -> Tensor:
    """By how many masked tokens of its clip each first distractor is ahead of its token.

    [clips, masked tokens], from 0, the token itself, to ``MASKED - 1``, going round. Tests
    share the call.
    """
    draws = _draws.setdefault(student, {})
    if seed not in draws:
        mask = torch.zeros(CLIPS, 9, dtype=torch.bool)
        mask[:, [1, 2, 3, 7]] = True
        drawn = sampled(student, mask, 2, seed)[:, 0].view(CLIPS, MASKED)
        own = torch.arange(CLIPS * MASKED).view(CLIPS, MASKED)
        demand(bool((drawn // MASKED == own // MASKED).all()), "wav2vec.other_clip")
        draws[seed] = (drawn - own) % MASKED
    return draws[seed]


def together(a: Tensor, b: Tensor) -> bool:
    """Whether draws [rows], from 0 to ``MASKED - 1``, are equal too often or too seldom."""
    counts = [torch.bincount(x, minlength=MASKED).double() / len(x) for x in (a, b)]
    return not likely((a == b).sum(), float((counts[0] * counts[1]).sum()), len(a))


def likely(seen: Tensor, chance: float, rows: int) -> bool:
    """Whether things of ``chance`` may well be seen so often in ``rows`` rows."""
    away = (seen.double() - rows * chance).abs()
    return bool((away <= 6.5 * math.sqrt(rows * chance * (1 - chance)) + 7).all())


@weigh(2)
def test_positions(student: Student) -> None:
    """Distractors are positions of other masked tokens of the same clip, in row-major order."""
    clip = clip_of(MIXED)
    for count in (8, 3, 1):
        drawn = sampled(student, MIXED, count)
        seen = drawn.tolist()
        demand(bool((drawn != -1).all()), "wav2vec.minus_one_elsewhere", seen)
        demand(bool(in_range(drawn).all()), "wav2vec.range", seen)
        if not bool((clip[drawn] == clip[:, None]).all()):
            # Positions within the clip, or along it, rather than in the list?
            demand(not bool((drawn < 10).all()), "wav2vec.not_in_the_list", seen)
            demand(False, "wav2vec.other_clip", seen)
        demand(bool((drawn != torch.arange(len(drawn))[:, None]).all()), "wav2vec.itself", seen)


def test_alone(student: Student) -> None:
    """A token that is alone in its clip gets -1."""
    mixed = mask_of("xxx...", ".x....", "..xx..")
    for mask, alone in ((mixed, [3]), (mask_of("..x.", ".x..", "...."), [0, 1])):
        try:
            drawn = sampled(student, mask, 4)
        except Crashed as error:
            raise Wrong("wav2vec.alone", error.detail) from error
        demand(bool((drawn[alone] == -1).all()), "wav2vec.alone", drawn[alone].tolist())


@presumes(test_positions)
def test_more_than_there_are(student: Student) -> None:
    """More distractors may be asked for than there are other tokens."""
    mask = mask_of(".xx..", "xxx..")
    try:
        drawn = sampled(student, mask, 12)
    except Crashed as error:
        raise Wrong("wav2vec.count", error.detail) from error
    demand(bool((drawn != -1).all()), "wav2vec.minus_one_elsewhere", drawn.tolist())
    demand(bool(in_range(drawn).all()), "wav2vec.range", drawn.tolist())
    clip = clip_of(mask)
    demand(bool((clip[drawn] == clip[:, None]).all()), "wav2vec.other_clip", drawn.tolist())


@weigh(2)
@presumes(test_positions)
def test_tokens_are_independent(student: Student) -> None:
    """Every token draws its own distractors, whatever others of its clip and batch drew."""
    ahead = offsets(student)
    if torch.equal(ahead, ahead[:1].expand_as(ahead)):  # all clips alike: in every call?
        fixed = torch.equal(ahead, offsets(student, seed=6))
        demand(False, f"wav2vec.{'not_random' if fixed else 'shared_draw'}", ahead[0].tolist())
    place = (ahead + torch.arange(MASKED)) % MASKED
    for draws in (ahead, place):
        for a in range(MASKED):
            shared = [together(draws[:, a], draws[:, b]) for b in range(a)]
            demand(not any(shared), "wav2vec.shared_draw", (a, shared))
            # Draws of one token that are the same in all clips are so because clips share them.
            fixed = bool((draws[:, a] == draws[0, a]).all())
            fixed = fixed or together(draws[:, a], draws[:, a].roll(1))
            demand(not fixed, "wav2vec.shared_draw", a)


@weigh(2)
@presumes(test_positions, test_tokens_are_independent)
def test_uniform(student: Student) -> None:
    """Every other masked token of the clip is drawn with the same chance."""
    ahead = offsets(student)
    demand(bool((ahead != 0).all()), "wav2vec.itself")
    for token in range(MASKED):
        seen = torch.bincount(ahead[:, token], minlength=MASKED)[1:]
        demand(likely(seen, 1 / 3, CLIPS), "wav2vec.not_uniform", (token, seen.tolist()))
    seen = torch.bincount(ahead.flatten(), minlength=MASKED)[1:]
    demand(likely(seen, 1 / 3, CLIPS * MASKED), "wav2vec.not_uniform", seen.tolist())


@presumes(test_positions, test_tokens_are_independent)
def test_generator(student: Student) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""

    def call(generator: torch.Generator) -> Tensor:
        drawn = student.sample_distractors(MIXED.clone(), 6, generator=generator)
        return checked(drawn, MIXED, 6).double()

    student.seed(1)
    first = call(twin(12))
    student.seed(2)
    demand(close(first, call(twin(12))), "wav2vec.ignores_generator")
    generator = twin(13)
    same = always(lambda: call(generator), 4)
    if same is not None:
        fixed = close(same, first)
        demand(False, f"wav2vec.{'fixed_seed' if fixed else 'restarts_generator'}")
    same = always(
        lambda: checked(student.sample_distractors(MIXED.clone(), 6), MIXED, 6).double(), 4
    )
    demand(same is None, "wav2vec.default_generator")


def number(value: object) -> float:
    """The loss that a call returned, if it is one."""
    demand(isinstance(value, Tensor), "wav2vec.not_a_tensor", type(value).__name__)
    assert isinstance(value, Tensor)
    demand(value.is_floating_point(), "wav2vec.not_a_tensor", value.dtype)
    demand(value.numel() == 1, "wav2vec.not_a_number", tuple(value.shape))
    return float(value.detach().reshape(()))


def given(reference: Mapping[str, Tensor], case: str = "") -> tuple[Tensor, Tensor, Tensor]:
    """Context, targets and distractors of a case."""
    context, targets = (reference[f"{case}{name}"].float() for name in ("context", "targets"))
    return context, targets, reference[f"{case}distractors"].long()


def matches(value: float, expected: Tensor | float, tolerance: float = TOLERANCE) -> bool:
    return close(value, float(expected), tolerance, tolerance)


@weigh(3)
def test_value(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is one number, in a tensor, and has the right value."""
    loss = number(student.wav2vec_loss(*given(reference), temperature=TEMPERATURE))
    if not matches(loss, reference[f"loss.{TEMPERATURE}"]):
        known = {n: v for n, v in reference.items() if n.startswith("mistake.")}
        near = nearest_mistake(loss, known, "value")
        name = near.split(".")[1] if near in known else near
        demand(False, f"wav2vec.{name if math.isfinite(loss) else 'not_finite'}", loss)


@weigh(2)
@presumes(test_value)
def test_temperatures(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The loss is right at low and high temperatures; the temperature is 0.1 if not given."""
    for temperature in (2.0, 0.1, 0.05):
        loss = number(student.wav2vec_loss(*given(reference), temperature))
        right = matches(loss, reference[f"loss.{temperature}"], 1e-3)
        demand(right, "wav2vec.temperature", (temperature, loss))
    loss = number(student.wav2vec_loss(*given(reference)))
    demand(matches(loss, reference["loss.0.1"], 1e-3), "wav2vec.default_temperature", loss)
    loss = number(student.wav2vec_loss(*given(reference, "near."), 0.01))
    demand(math.isfinite(loss), "wav2vec.overflow", loss)
    demand(matches(loss, reference["near.loss"], 1e-3), "wav2vec.overflow", loss)


@presumes(test_value)
def test_all_left_out(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Tokens whose distractors are all left out count 0, alone too."""
    context, targets, _ = given(reference)
    # Rows 6 and 7 have equal targets.
    for rows, distractors in (([6, 7], [[1, 1], [0, 0]]), ([8], [[-1, -1, -1]])):
        some = context[rows], targets[rows], torch.tensor(distractors)
        try:
            loss = number(student.wav2vec_loss(*some, TEMPERATURE))
        except Crashed as error:
            raise Wrong("wav2vec.all_left_out", error.detail) from error
        demand(matches(loss, 0.0), "wav2vec.all_left_out", (rows, loss))
    usual = number(student.wav2vec_loss(*given(reference), TEMPERATURE))
    demand(differ(loss, usual), "wav2vec.all_left_out", usual)


@weigh(2)
@presumes(test_value)
def test_gradient(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The gradient is right in the context and in the targets, those of distractors included."""
    context, targets, distractors = given(reference)
    context.requires_grad_(True)
    targets.requires_grad_(True)
    try:
        loss = student.wav2vec_loss(context, targets, distractors, temperature=TEMPERATURE)
    except Crashed as error:
        raise Wrong("wav2vec.no_gradient", error.detail) from error
    number(loss)
    demand(loss.requires_grad, "wav2vec.no_gradient")
    try:
        grads = torch.autograd.grad(loss.reshape(()), (context, targets), allow_unused=True)
    except Failure:
        raise
    except RuntimeError as error:
        raise blame(error) from error
    for grad, name in zip(grads, ("context", "targets"), strict=True):
        demand(grad is not None and bool(grad.any()), f"wav2vec.{name}_detached")
        assert grad is not None
        demand(bool(grad.isfinite().all()), "wav2vec.gradient_not_finite", name)
        right = reference[f"gradient.{name}"]
        off = float((grad.double() - right).abs().max() / right.abs().max())
        demand(off < 1e-3, f"wav2vec.{name}_gradient", off)


@presumes(test_value)
def test_float64(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Float64 rows give a float64 loss, float32 rows a float32 loss."""
    for dtype in (torch.float32, torch.float64):
        context, targets, distractors = given(reference)
        try:
            loss = student.wav2vec_loss(
                context.to(dtype), targets.to(dtype), distractors, temperature=TEMPERATURE
            )
        except Crashed as error:
            raise Wrong("wav2vec.dtype", error.detail) from error
        value = number(loss)
        demand(loss.dtype == dtype, "wav2vec.dtype", (dtype, loss.dtype))
        demand(matches(value, reference[f"loss.{TEMPERATURE}"]), "wav2vec.dtype", (dtype, value))


def test_mask_is_kept(student: Student) -> None:
    """The mask is not modified."""
    drawn = []
    uneven = mask_of("xx..", ".x..", "xxx.")
    for mask in (uneven, uneven.flip(0)):
        drawn.append(sampled(student, mask, 3, seed=3))
        demand(not student.mutated, "wav2vec.modifies_input", student.mutated)
    demand(differ(*drawn), "wav2vec.not_in_the_list")


@presumes(test_value)
def test_rows_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Context, targets and distractors are not modified."""
    context, targets, distractors = given(reference)
    losses = []
    for x in (context, -context):
        losses.append(number(student.wav2vec_loss(x, targets, distractors, TEMPERATURE)))
        demand(not student.mutated, "wav2vec.modifies_input", student.mutated)
    demand(differ(*losses), "wav2vec.value", losses)
