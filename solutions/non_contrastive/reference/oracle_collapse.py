"""Feature deviation and effective rank in plain Python floats, written from their formulas.

Sources: Chen and He 2021, "Exploring Simple Siamese Representation Learning", section 4.1;
Garrido et al. 2023, "RankMe", equation 1. A known mistake is the right way with one decision
made wrongly.
"""

from __future__ import annotations

import math
from collections.abc import Callable

Rows = list[list[float]]


def columns(rows: Rows) -> Rows:
    """The transpose."""
    return [list(column) for column in zip(*rows, strict=True)]


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def variance(values: list[float], correction: int) -> float:
    """Biased with ``correction`` 0, unbiased with 1."""
    middle = mean(values)
    return math.fsum((v - middle) ** 2 for v in values) / (len(values) - correction)


def length(row: list[float]) -> float:
    return math.sqrt(math.fsum(v * v for v in row))


def unit(rows: Rows) -> Rows:
    return [[v / length(row) for v in row] for row in rows]


def centred(rows: Rows) -> Rows:
    means = [mean(column) for column in columns(rows)]
    return [[v - m for v, m in zip(row, means, strict=True)] for row in rows]


def feature_deviation(rows: Rows, correction: int = 1) -> float:
    """Mean deviation of the coordinates of the unit rows, times the root of their number."""
    deviations = [math.sqrt(variance(c, correction)) for c in columns(unit(rows))]
    return mean(deviations) * math.sqrt(len(rows[0]))


def deviation_mistakes(rows: Rows, correction: int) -> dict[str, list[float]]:
    """Hint to the values that mistakes of its kind give."""

    def of(prepared: Rows, scale: float = math.sqrt(len(rows[0]))) -> float:
        return mean([math.sqrt(variance(c, correction)) for c in columns(prepared)]) * scale

    by_column = columns(unit(columns(rows)))
    by_sum = [[v / sum(abs(u) for u in row) for v in row] for row in rows]
    spreads = [variance(c, correction) for c in columns(unit(rows))]
    flat = [v for row in unit(rows) for v in row]
    return {
        "not_normalised": [of(rows), of(rows, 1.0)],
        "normalised_otherwise": [of(by_column), of(by_sum)],
        "root_of_dim": [
            of(unit(rows), 1.0),
            of(unit(rows), float(len(rows[0]))),
            of(unit(rows), math.sqrt(len(rows))),
            of(unit(rows), 1 / math.sqrt(len(rows[0]))),
        ],
        "over_dimensions": [
            of(columns(unit(rows))),
            of(columns(unit(rows)), math.sqrt(len(rows))),
            of(columns(unit(rows)), 1.0),
        ],
        "variance": [
            mean(spreads) * len(rows[0]),
            mean(spreads) * math.sqrt(len(rows[0])),
            mean(spreads),
        ],
        "root_of_mean": [math.sqrt(mean(spreads) * len(rows[0]))],
        "all_at_once": [math.sqrt(variance(flat, correction) * len(rows[0]))],
        "deviation_summed": [of(unit(rows)) * len(rows[0])],
        "deviation_centred": [of(unit(centred(rows)))],
    }


def singular_values(rows: Rows) -> list[float]:
    """By one-sided Jacobi rotations of the columns, until all are orthogonal."""
    work = columns(rows) if len(rows) >= len(rows[0]) else [list(row) for row in rows]
    for _ in range(60):
        turned = False
        for i in range(len(work)):
            for j in range(i + 1, len(work)):
                a, b = work[i], work[j]
                aa = math.fsum(x * x for x in a)
                bb = math.fsum(x * x for x in b)
                ab = math.fsum(x * y for x, y in zip(a, b, strict=True))
                if abs(ab) <= 1e-15 * math.sqrt(aa * bb) or ab == 0.0:
                    continue
                turned = True
                zeta = (bb - aa) / (2 * ab)
                t = math.copysign(1.0, zeta) / (abs(zeta) + math.sqrt(1 + zeta * zeta))
                cos = 1 / math.sqrt(1 + t * t)
                sin = cos * t
                work[i] = [cos * x - sin * y for x, y in zip(a, b, strict=True)]
                work[j] = [sin * x + cos * y for x, y in zip(a, b, strict=True)]
        if not turned:
            break
    return [length(column) for column in work]


def entropy(values: list[float], log: Callable[[float], float] = math.log) -> float:
    """Of the shares of ``values`` in their sum; what is 0 adds nothing."""
    total = math.fsum(values)
    return -math.fsum(v / total * log(v / total) for v in values if v / total > 1e-14)


def effective_rank(rows: Rows) -> float:
    """exp of the entropy of the shares of the singular values."""
    return math.exp(entropy(singular_values(rows)))


def rank_mistakes(rows: Rows) -> dict[str, list[float]]:
    """Hint to the values that mistakes of its kind give."""
    singular = singular_values(rows)
    power = [s * s for s in singular]
    exponentials = [math.exp(s - max(singular)) for s in singular]
    standard = columns(
        [[(v - mean(c)) / math.sqrt(variance(c, 1)) for v in c] for c in columns(rows)]
    )
    return {
        "rank_centred": [effective_rank(centred(rows)), effective_rank(standard)],
        "rank_squared": [math.exp(entropy(power))],
        "no_exponential": [entropy(singular), entropy(singular, math.log2)],
        "other_base": [math.exp(entropy(singular, math.log2)), 2 ** entropy(singular)],
        "entropy_sign": [math.exp(-entropy(singular)), -math.exp(entropy(singular))],
        "participation": [
            sum(singular) ** 2 / sum(power),
            sum(power) ** 2 / sum(p * p for p in power),
        ],
        "counted": [float(sum(s > 1e-9 for s in singular))],
        "rank_rows_normalised": [effective_rank(unit(rows))],
        "shares": [
            math.exp(entropy(exponentials)),
            math.exp(-sum(s / max(singular) * math.log(s / max(singular)) for s in singular)),
            math.exp(-sum(s / length(singular) * math.log(s / length(singular)) for s in singular)),
        ],
        "stable_rank": [sum(power) / max(power), sum(singular) / max(singular)],
    }
