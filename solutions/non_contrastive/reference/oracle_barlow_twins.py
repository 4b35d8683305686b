"""The loss of Barlow Twins in plain Python floats, written from its formula.

Source: Zbontar et al. 2021, "Barlow Twins", equations 1 and 2. A :class:`Recipe` names every
decision; a known mistake is the right recipe with one decision made wrongly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

Rows = list[list[float]]


def columns(rows: Rows) -> Rows:
    """The transpose."""
    return [list(column) for column in zip(*rows, strict=True)]


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def variance(values: list[float], correction: int) -> float:
    middle = mean(values)
    return math.fsum((v - middle) ** 2 for v in values) / (len(values) - correction)


def dot(x: list[float], y: list[float]) -> float:
    return math.fsum(p * q for p, q in zip(x, y, strict=True))


def centre(column: list[float]) -> list[float]:
    return [v - mean(column) for v in column]


def root_of_variance(column: list[float], correction: int) -> float:
    return math.sqrt(variance(column, correction))


def each_alone(a: Rows, b: Rows, r: Recipe) -> tuple[Rows, Rows]:
    """Columns [dim, batch] of both views, standardised each for itself."""

    def standard(rows: Rows) -> Rows:
        scales = [r.scale(column, r.correction) for column in columns(rows)]
        return [
            [v / s for v in r.shift(column)]
            for column, s in zip(columns(rows), scales, strict=True)
        ]

    return standard(a), standard(b)


def together(a: Rows, b: Rows, r: Recipe) -> tuple[Rows, Rows]:
    """Standardised with the mean and the deviation of both views together."""
    joined, _ = each_alone(a + b, a + b, r)
    return [c[: len(a)] for c in joined], [c[len(a) :] for c in joined]


def first_alone(a: Rows, b: Rows, r: Recipe) -> tuple[Rows, Rows]:
    """Only the first view is standardised."""
    return each_alone(a, b, r)[0], columns(b)


def along_rows(a: Rows, b: Rows, r: Recipe) -> tuple[Rows, Rows]:
    """Rows are standardised, and columns multiplied."""
    x, y = each_alone(columns(a), columns(b), r)
    return columns(x), columns(y)


def unit_rows(a: Rows, b: Rows, r: Recipe) -> tuple[Rows, Rows]:
    """Rows are scaled to length one, and nothing else."""
    x, y = ([[v / math.sqrt(dot(row, row)) for v in row] for row in rows] for rows in (a, b))
    return columns(x), columns(y)


@dataclass(frozen=True)
class Recipe:
    """Every decision in the loss."""

    prepare: Callable[[Rows, Rows, Recipe], tuple[Rows, Rows]] = each_alone
    shift: Callable[[list[float]], list[float]] = centre
    scale: Callable[[list[float], int], float] = root_of_variance
    correction: int = 0
    divisor: Callable[[int, int], float] = lambda batch, dim: batch
    matrix: Callable[[Rows, Rows], Rows] = lambda x, y: [[dot(p, q) for q in y] for p in x]
    on: Callable[[float], float] = lambda c: (1 - c) ** 2
    off: Callable[[float], float] = lambda c: c * c
    beside: Callable[[int, int], bool] = lambda i, j: i != j
    reduce: Callable[[list[float], list[float], float], float] = lambda on, off, lambd: (
        math.fsum(on) + lambd * math.fsum(off)
    )


def loss(a: Rows, b: Rows, lambd: float, recipe: Recipe) -> float:
    """The loss, entry by entry."""
    r = recipe
    x, y = r.prepare(a, b, r)
    divisor = r.divisor(len(a), len(a[0]))
    c = [[v / divisor for v in row] for row in r.matrix(x, y)]
    on = [r.on(c[i][i]) for i in range(len(c))]
    off = [r.off(c[i][j]) for i in range(len(c)) for j in range(len(c)) if r.beside(i, j)]
    return r.reduce(on, off, lambd)


def slopes(a: Rows, b: Rows, lambd: float, recipe: Recipe, step: float = 1e-5) -> Rows:
    """The gradient in ``a`` by central differences."""
    result = []
    for row in a:
        line = []
        for d, kept in enumerate(row):
            row[d] = kept + step
            above = loss(a, b, lambd, recipe)
            row[d] = kept - step
            below = loss(a, b, lambd, recipe)
            row[d] = kept
            line.append((above - below) / (2 * step))
        result.append(line)
    return result


def mistakes(right: Recipe) -> dict[str, list[Recipe]]:
    """Hint to the recipes that make that mistake, for a biased or an unbiased deviation."""

    def of(**decisions: object) -> Recipe:
        return replace(right, **decisions)  # type: ignore[arg-type]

    fsum = math.fsum
    return {
        "not_centred": [
            of(shift=lambda column: column),
            of(
                shift=lambda column: column,
                scale=lambda column, _: math.sqrt(dot(column, column) / len(column)),
            ),
        ],
        "not_scaled": [of(scale=lambda column, correction: 1.0)],
        "as_they_are": [of(shift=lambda column: column, scale=lambda column, correction: 1.0)],
        "scaled_otherwise": [
            of(scale=variance),
            of(scale=lambda column, _: math.sqrt(dot(centre(column), centre(column)))),
            of(scale=lambda column, _: max(map(abs, centre(column)))),
            of(scale=lambda column, _: mean([abs(v) for v in centre(column)])),
        ],
        "along_rows": [of(prepare=along_rows), of(prepare=unit_rows)],
        "together": [of(prepare=together)],
        "one_view": [of(prepare=first_alone)],
        "not_divided": [of(divisor=lambda batch, dim: 1.0)],
        # With the unbiased deviation this is the matrix of the biased one, which is right.
        "one_less": [of(divisor=lambda batch, dim: batch - 1)] if right.correction == 0 else [],
        "divided_otherwise": [
            of(divisor=lambda batch, dim: dim),
            of(divisor=lambda batch, dim: batch * dim),
            of(divisor=lambda batch, dim: math.sqrt(batch)),
        ],
        "batch_by_batch": [
            of(matrix=lambda x, y: [[dot(p, q) for q in columns(y)] for p in columns(x)]),
            of(
                matrix=lambda x, y: [[dot(p, q) for q in columns(y)] for p in columns(x)],
                divisor=lambda batch, dim: dim,
            ),
        ],
        "own_correlation": [of(matrix=lambda x, y: [[dot(p, q) for q in x] for p in x])],
        "on_not_squared": [of(on=lambda c: 1 - c), of(on=lambda c: abs(1 - c))],
        "on_target": [of(on=lambda c: c * c), of(on=lambda c: -c), of(on=lambda c: 1 - c * c)],
        "off_not_squared": [of(off=lambda c: c), of(off=abs)],
        "off_with_diagonal": [of(beside=lambda i, j: True)],
        "half_of_the_matrix": [of(beside=lambda i, j: i < j), of(beside=lambda i, j: i > j)],
        "no_lambda": [
            of(reduce=lambda on, off, lambd: fsum(on) + fsum(off)),
            of(reduce=lambda on, off, lambd: fsum(on)),
            of(reduce=lambda on, off, lambd: fsum(on) + 0.01 * fsum(off)),
            of(reduce=lambda on, off, lambd: fsum(on) + 0.0051 * fsum(off)),
        ],
        "lambda_on_diagonal": [
            of(reduce=lambda on, off, lambd: lambd * fsum(on) + fsum(off)),
            of(reduce=lambda on, off, lambd: lambd * (fsum(on) + fsum(off))),
        ],
        "lambda_squared": [
            of(reduce=lambda on, off, lambd: fsum(on) + lambd**2 * fsum(off)),
            of(reduce=lambda on, off, lambd: fsum(on) + fsum(off) / lambd),
        ],
        "mean": [
            of(reduce=lambda on, off, lambd: mean(on) + lambd * mean(off)),
            of(reduce=lambda on, off, lambd: fsum(on) + lambd * mean(off)),
            of(reduce=lambda on, off, lambd: (fsum(on) + lambd * fsum(off)) / len(on)),
            of(reduce=lambda on, off, lambd: (fsum(on) + lambd * fsum(off)) / len(on) ** 2),
            of(reduce=lambda on, off, lambd: mean(on) + lambd * fsum(off)),
        ],
        "sign": [
            of(reduce=lambda on, off, lambd: fsum(on) - lambd * fsum(off)),
            of(reduce=lambda on, off, lambd: -fsum(on) - lambd * fsum(off)),
        ],
        "root": [of(reduce=lambda on, off, lambd: math.sqrt(fsum(on) + lambd * fsum(off)))],
    }
