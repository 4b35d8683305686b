"""NT-Xent in plain Python floats, written from the formula and not from any solution.

Source: Chen et al. 2020, "A Simple Framework for Contrastive Learning", equation 1. A
:class:`Recipe` names every decision the formula makes; a known mistake is the right recipe
with one decision made wrongly, so its value can be told from the right one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

Rows = list[list[float]]


def dot(x: list[float], y: list[float]) -> float:
    """Inner product of two vectors."""
    return sum(p * q for p, q in zip(x, y, strict=True))


def unit_rows(rows: Rows) -> Rows:
    """Every row divided by its own length."""
    return [[v / math.sqrt(dot(row, row)) for v in row] for row in rows]


def unit_columns(rows: Rows) -> Rows:
    """Every column divided by its own length."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return [list(row) for row in zip(*unit_rows(columns), strict=True)]


def unit_matrix(rows: Rows) -> Rows:
    """All rows divided by one number, the length of the whole matrix."""
    length = math.sqrt(sum(dot(row, row) for row in rows))
    return [[v / length for v in row] for row in rows]


def l1_rows(rows: Rows) -> Rows:
    """Every row divided by the sum of its magnitudes."""
    return [[v / sum(abs(u) for u in row) for v in row] for row in rows]


def over_squared_length(rows: Rows) -> Rows:
    """Every row divided by its squared length."""
    return [[v / dot(row, row) for v in row] for row in rows]


def minus_squared_distance(x: list[float], y: list[float]) -> float:
    """Minus the squared Euclidean distance of two vectors."""
    return -sum((p - q) ** 2 for p, q in zip(x, y, strict=True))


@dataclass(frozen=True)
class Recipe:
    """Every decision in the loss of ``n`` pairs; views ``i`` and ``i + n`` are one pair."""

    scale: Callable[[Rows], Rows] = unit_rows
    similarity: Callable[[list[float], list[float]], float] = dot
    logit: Callable[[float, float], float] = lambda s, t: s / t
    positive: Callable[[float, float], float] | None = None
    """The logit of a positive above the fraction line, where it is not ``logit``."""
    partner: Callable[[int, int], int] = lambda i, n: (i + n) % (2 * n)
    others: Callable[[int, int], list[int]] = lambda i, n: [j for j in range(2 * n) if j != i]
    pool: Callable[[int, int], list[int]] = lambda i, n: [i]
    denominator: Callable[[list[float]], float] = sum
    anchors: Callable[[int], list[int]] = lambda n: list(range(2 * n))
    reduce: Callable[[list[float], int], float] = lambda terms, n: sum(terms) / len(terms)


def loss(a: Rows, b: Rows, temperature: float, recipe: Recipe | None = None) -> float:
    """The loss of a batch of pairs, view by view and term by term."""
    r, n = recipe or Recipe(), len(a)
    views = r.scale(a + b)

    def logit(i: int, j: int) -> float:
        return r.logit(r.similarity(views[i], views[j]), temperature)

    def positive(i: int) -> float:
        similarity = r.similarity(views[i], views[r.partner(i, n)])
        return (r.positive or r.logit)(similarity, temperature)

    terms = []
    for i in r.anchors(n):
        exponentials = [math.exp(logit(k, j)) for k in r.pool(i, n) for j in r.others(k, n)]
        terms.append(math.log(r.denominator(exponentials)) - positive(i))
    return r.reduce(terms, n)


def gradient(a: Rows, b: Rows, temperature: float, step: float = 1e-5) -> tuple[Rows, Rows]:
    """The gradient in ``a`` and ``b`` by central differences (error about 1e-9)."""

    def slopes(rows: Rows) -> Rows:
        result = []
        for row in rows:
            line = []
            for d, kept in enumerate(row):
                row[d] = kept + step
                above = loss(a, b, temperature)
                row[d] = kept - step
                below = loss(a, b, temperature)
                row[d] = kept
                line.append((above - below) / (2 * step))
            result.append(line)
        return result

    return slopes(a), slopes(b)


def softmax_twice(a: Rows, b: Rows, temperature: float) -> float:
    """Cross-entropy applied to probabilities as if they were logits."""
    n, views, terms = len(a), unit_rows(a + b), []
    for i in range(2 * n):
        e = [
            math.exp(dot(views[i], views[j]) / temperature) if j != i else 0.0 for j in range(2 * n)
        ]
        p = [v / sum(e) for v in e]
        terms.append(math.log(sum(math.exp(v) for v in p)) - p[(i + n) % (2 * n)])
    return sum(terms) / len(terms)


def _rest(i: int, n: int) -> list[int]:
    return [j for j in range(2 * n) if j != i]


def _everything(i: int, n: int) -> list[int]:
    return list(range(2 * n))


def _other_view(i: int, n: int) -> list[int]:
    return list(range(n, 2 * n)) if i < n else list(range(n))


def _negatives(i: int, n: int) -> list[int]:
    return [j for j in range(2 * n) if j not in (i, (i + n) % (2 * n))]


def _other_view_negatives(i: int, n: int) -> list[int]:
    return [j for j in _other_view(i, n) if j != (i + n) % (2 * n)]


RIGHT = Recipe()

MISTAKES: dict[str, list[Recipe]] = {
    "global_denominator": [
        replace(RIGHT, pool=_everything),
        replace(RIGHT, pool=_everything, others=_everything),
        replace(RIGHT, pool=_everything, others=_other_view),
        replace(RIGHT, pool=_everything, others=_negatives),
        replace(RIGHT, pool=lambda i, n: list(range(n)), others=_other_view),
    ],
    "self_not_masked": [replace(RIGHT, others=_everything)],
    "exp_zero": [replace(RIGHT, denominator=lambda e: sum(e) + 1.0)],
    "positive_not_in_denominator": [
        replace(RIGHT, others=_negatives),
        replace(RIGHT, others=_other_view_negatives),
    ],
    "cross_view_only": [
        replace(RIGHT, others=_other_view),
        replace(RIGHT, others=_other_view, anchors=lambda n: list(range(n))),
        replace(RIGHT, others=_other_view, reduce=lambda terms, n: sum(terms) / n),
        replace(RIGHT, others=lambda i, n: [(i + n) % (2 * n), *_rest_of_own_view(i, n)]),
    ],
    "one_view": [
        replace(RIGHT, anchors=lambda n: list(range(n))),
        replace(RIGHT, anchors=lambda n: list(range(n, 2 * n))),
    ],
    "mean": [
        replace(RIGHT, reduce=lambda terms, n: sum(terms)),
        replace(RIGHT, reduce=lambda terms, n: sum(terms) / n),
        replace(RIGHT, reduce=lambda terms, n: sum(terms) / (4 * n)),
        replace(RIGHT, reduce=lambda terms, n: sum(terms) / (2 * n) ** 2),
        replace(RIGHT, reduce=lambda terms, n: sum(terms) / (2 * n - 1)),
        replace(RIGHT, reduce=lambda terms, n: sorted(terms)[n]),
        replace(RIGHT, reduce=lambda terms, n: sorted(terms)[n - 1]),
    ],
    "no_normalisation": [replace(RIGHT, scale=lambda rows: rows)],
    "normalisation": [
        replace(RIGHT, scale=unit_columns),
        replace(RIGHT, scale=unit_matrix),
        replace(RIGHT, scale=l1_rows),
        replace(RIGHT, scale=over_squared_length),
    ],
    "temperature_multiplied": [replace(RIGHT, logit=lambda s, t: s * t)],
    "temperature_ignored": [
        replace(RIGHT, logit=lambda s, t: s),
        replace(RIGHT, logit=lambda s, t: s / 0.2),
    ],
    "temperature_twice": [
        replace(RIGHT, logit=lambda s, t: s / t**2),
        replace(RIGHT, logit=lambda s, t: s / math.sqrt(t)),
    ],
    "temperature_one_side": [
        replace(RIGHT, positive=lambda s, t: s),
        replace(RIGHT, logit=lambda s, t: s, positive=lambda s, t: s / t),
    ],
    "sign": [
        replace(RIGHT, reduce=lambda terms, n: -sum(terms) / len(terms)),
        replace(RIGHT, logit=lambda s, t: -s / t),
        replace(RIGHT, similarity=minus_squared_distance, logit=lambda s, t: -s / t),
    ],
    "wrong_partner": [
        replace(RIGHT, partner=lambda i, n: (i + n + 1) % (2 * n)),
        replace(RIGHT, partner=lambda i, n: (i + n - 1) % (2 * n)),
        replace(RIGHT, partner=lambda i, n: (i + 1) % (2 * n)),
        replace(RIGHT, partner=lambda i, n: (i - 1) % (2 * n)),
        replace(RIGHT, partner=lambda i, n: i ^ 1),
        replace(RIGHT, partner=lambda i, n: n + (i + 1) % n if i < n else (i + 1) % n),
        replace(RIGHT, partner=lambda i, n: n + (i - 1) % n if i < n else (i - 1) % n),
        replace(RIGHT, partner=lambda i, n: n + (i + 1) % n if i < n else (i - 1) % n),
        replace(RIGHT, partner=lambda i, n: n + (i - 1) % n if i < n else (i + 1) % n),
        replace(RIGHT, partner=lambda i, n: 2 * n - 1 - i),
        replace(RIGHT, partner=lambda i, n: i),
        replace(RIGHT, partner=lambda i, n: i, others=_everything),
        replace(RIGHT, partner=lambda i, n: i % n, others=_everything),
        replace(RIGHT, partner=lambda i, n: (i + 1) % (2 * n), others=_everything),
    ],
    "no_log": [
        replace(RIGHT, reduce=lambda terms, n: -sum(math.exp(-v) for v in terms) / 2 / n),
        replace(RIGHT, reduce=lambda terms, n: 1 - sum(math.exp(-v) for v in terms) / 2 / n),
        replace(RIGHT, reduce=lambda terms, n: sum(math.exp(v) for v in terms) / 2 / n),
    ],
    "log_of_mean": [
        replace(RIGHT, reduce=lambda terms, n: -math.log(sum(math.exp(-v) for v in terms) / 2 / n)),
        replace(RIGHT, reduce=lambda terms, n: -math.log(sum(math.exp(-v) for v in terms))),
        replace(RIGHT, reduce=lambda terms, n: math.log(sum(math.exp(v) for v in terms) / 2 / n)),
    ],
    "mean_in_denominator": [
        replace(RIGHT, denominator=lambda e: sum(e) / len(e)),
        replace(RIGHT, denominator=lambda e: sum(e) / (len(e) + 1)),
    ],
    "not_cosine": [replace(RIGHT, similarity=minus_squared_distance)],
    "guessing": [replace(RIGHT, similarity=lambda x, y: 0.0)],
}
"""Hint (without its prefix) to the recipes that make that mistake."""


def _rest_of_own_view(i: int, n: int) -> list[int]:
    return [j for j in range(2 * n) if j != i and (j < n) == (i < n)]
