"""The contrastive loss of wav2vec 2.0 in plain Python floats: the oracle of wav2vec.

Source: Baevski et al. 2020, equation 3. A :class:`Recipe` names every decision the formula
makes; a known mistake is the right recipe with one decision made wrongly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

Row = list[float]
Rows = list[Row]
Case = tuple[Rows, Rows, list[list[int]]]


def dot(x: Row, y: Row) -> float:
    """Inner product."""
    return sum(p * q for p, q in zip(x, y, strict=True))


def cosine(x: Row, y: Row) -> float:
    """Cosine of the angle."""
    return dot(x, y) / math.sqrt(dot(x, x) * dot(y, y))


def minus_squared_distance(x: Row, y: Row) -> float:
    """Minus the squared Euclidean distance."""
    return -sum((p - q) ** 2 for p, q in zip(x, y, strict=True))


@dataclass(frozen=True)
class Recipe:
    """Every decision in the loss of token ``i``."""

    similarity: Callable[[Row, Row], float] = cosine
    logit: Callable[[float, float], float] = lambda s, t: s / t
    positive: Callable[[float, float], float] | None = None
    """The logit of the own target above the fraction line, where it is not ``logit``."""
    below: Callable[[float, float], float] | None = None
    """And below it."""
    rivals: Callable[[Case, int], list[int]] = lambda case, i: kept(case, i)
    below_all: Callable[[list[float]], float] = sum
    """What is made of the exponentials below."""
    mean_over_all: bool = False
    """Whether their sum is divided by the number of all candidates, those left out included."""
    own: bool = True
    """Whether the own target stands in the denominator."""
    target: Callable[[int, int], int] = lambda i, n: i
    reduce: Callable[[list[tuple[float, bool]]], float] = lambda terms: (
        sum(t for t, _ in terms) / len(terms)
    )
    """Of the terms of all tokens, and whether a token has any distractor."""


def kept(case: Case, i: int) -> list[int]:
    """The distractors of token ``i`` that are not left out."""
    _, targets, distractors = case
    return [j for j in distractors[i] if j >= 0 and targets[j] != targets[i]]


def loss(case: Case, temperature: float, recipe: Recipe | None = None) -> float:
    """The loss, token by token and term by term."""
    r = recipe or Recipe()
    context, targets, distractors = case
    n, terms = len(context), []
    for i in range(n):
        similarity = r.similarity(context[i], targets[r.target(i, n)])
        positive = (r.positive or r.logit)(similarity, temperature)
        rivals = r.rivals(case, i)
        logits = [r.logit(r.similarity(context[i], targets[j]), temperature) for j in rivals]
        if r.own:
            logits.append((r.below or r.logit)(similarity, temperature))
        total = r.below_all([math.exp(x) for x in logits])
        if r.mean_over_all:
            total /= 1 + len(distractors[i])
        terms.append((math.log(total) - positive if total else 0.0, bool(rivals)))
    return r.reduce(terms)


def gradient(case: Case, temperature: float, step: float = 1e-5) -> tuple[Rows, Rows]:
    """The gradient in context and targets by central differences (error about 1e-8)."""
    context, targets, distractors = case
    # Equal targets are left out, also while one of them is moved by a step.
    fixed = [kept(case, i) for i in range(len(context))]
    recipe = replace(RIGHT, rivals=lambda _, i: fixed[i])

    def slopes(rows: Rows) -> Rows:
        result = []
        for row in rows:
            line = []
            for d, held in enumerate(row):
                row[d] = held + step
                above = loss((context, targets, distractors), temperature, recipe)
                row[d] = held - step
                below = loss((context, targets, distractors), temperature, recipe)
                row[d] = held
                line.append((above - below) / (2 * step))
            result.append(line)
        return result

    return slopes(context), slopes(targets)


def _listed(case: Case, i: int) -> list[int]:
    """All distractors but -1, equal targets too."""
    return [j for j in case[2][i] if j >= 0]


def _wrapped(case: Case, i: int) -> list[int]:
    """-1 taken for the last row."""
    n = len(case[1])
    return [j % n for j in case[2][i] if case[1][j % n] != case[1][i]]


def _once(case: Case, i: int) -> list[int]:
    """Every distractor once."""
    return sorted(set(kept(case, i)))


def _near(case: Case, i: int) -> list[int]:
    """Distractors that point the own way are left out, whatever their length."""
    targets = case[1]
    return [j for j in kept(case, i) if cosine(targets[i], targets[j]) < 1 - 1e-9]


def _any_number(case: Case, i: int) -> list[int]:
    """Distractors that equal the own target in any number are left out."""
    targets = case[1]

    def share(x: Row, y: Row) -> bool:
        return any(p == q for p, q in zip(x, y, strict=True))

    return [j for j in kept(case, i) if not share(targets[i], targets[j])]


def _all_others(case: Case, i: int) -> list[int]:
    """All other masked tokens of the batch."""
    return [j for j in range(len(case[1])) if case[1][j] != case[1][i]]


RIGHT = Recipe()

MISTAKES: dict[str, list[Recipe]] = {
    "no_normalisation": [replace(RIGHT, similarity=dot)],
    "not_cosine": [replace(RIGHT, similarity=minus_squared_distance)],
    "temperature_multiplied": [replace(RIGHT, logit=lambda s, t: s * t)],
    "temperature_ignored": [
        replace(RIGHT, logit=lambda s, t: s),
        replace(RIGHT, logit=lambda s, t: s / 0.1),
    ],
    "temperature_one_side": [
        replace(RIGHT, positive=lambda s, t: s),
        replace(RIGHT, logit=lambda s, t: s, positive=lambda s, t: s / t),
        replace(RIGHT, positive=lambda s, t: s, below=lambda s, t: s),
        replace(RIGHT, logit=lambda s, t: s, positive=lambda s, t: s / t, below=lambda s, t: s / t),
    ],
    "mean_in_denominator": [
        replace(RIGHT, below_all=lambda terms: sum(terms) / len(terms)),
        replace(RIGHT, mean_over_all=True),
    ],
    "own_not_in_denominator": [replace(RIGHT, own=False)],
    "equal_not_left_out": [replace(RIGHT, rivals=_listed)],
    "minus_one": [replace(RIGHT, rivals=_wrapped)],
    "repeats": [replace(RIGHT, rivals=_once)],
    "left_out_by_angle": [replace(RIGHT, rivals=_near)],
    "left_out_by_a_number": [replace(RIGHT, rivals=_any_number)],
    "distractors_ignored": [replace(RIGHT, rivals=_all_others)],
    "mean": [
        replace(RIGHT, reduce=lambda terms: sum(t for t, _ in terms)),
        replace(
            RIGHT,
            reduce=lambda terms: (
                sum(t for t, some in terms if some) / sum(some for _, some in terms)
            ),
        ),
    ],
    "sign": [
        replace(RIGHT, reduce=lambda terms: -sum(t for t, _ in terms) / len(terms)),
        replace(RIGHT, logit=lambda s, t: -s / t),
    ],
    "wrong_target": [
        replace(RIGHT, target=lambda i, n: (i + 1) % n),
        replace(RIGHT, target=lambda i, n: (i - 1) % n),
    ],
}
"""Hint (without its prefix) to the recipes that make that mistake."""
