"""VICReg in plain Python floats, written from its formulas.

Source: Bardes, Ponce and LeCun 2022, "VICReg", section 4.1, with the means and sums of the
authors' code. A known mistake is the right way with one decision made wrongly.
"""

from __future__ import annotations

import math

Rows = list[list[float]]

EPSILON = 1e-4


def columns(rows: Rows) -> Rows:
    """The transpose."""
    return [list(column) for column in zip(*rows, strict=True)]


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def spread(values: list[float], correction: int = 1) -> float:
    """The variance: biased with ``correction`` 0, unbiased with 1."""
    middle = mean(values)
    return math.fsum((v - middle) ** 2 for v in values) / (len(values) - correction)


def unit(rows: Rows) -> Rows:
    return [[v / math.sqrt(math.fsum(u * u for u in row)) for v in row] for row in rows]


def invariance(a: Rows, b: Rows) -> float:
    """Mean squared difference of all entries."""
    squares = [(x - y) ** 2 for p, q in zip(a, b, strict=True) for x, y in zip(p, q, strict=True)]
    return mean(squares)


def invariance_mistakes(a: Rows, b: Rows) -> dict[str, list[float]]:
    n, dim, right = len(a), len(a[0]), invariance(a, b)
    rows = [
        math.sqrt(math.fsum((x - y) ** 2 for x, y in zip(p, q, strict=True)))
        for p, q in zip(a, b, strict=True)
    ]
    flat = [x - y for p, q in zip(a, b, strict=True) for x, y in zip(p, q, strict=True)]
    dots = [math.fsum(x * y for x, y in zip(p, q, strict=True)) for p, q in zip(a, b, strict=True)]
    cosines = [
        math.fsum(x * y for x, y in zip(p, q, strict=True))
        for p, q in zip(unit(a), unit(b), strict=True)
    ]
    return {
        "invariance_summed": [right * dim, right * n * dim, right * n],
        "invariance_root": [math.sqrt(right), mean(rows), mean(rows) / math.sqrt(dim)],
        "invariance_absolute": [mean([abs(v) for v in flat])],
        "invariance_not_squared": [mean(flat), mean(flat) ** 2],
        "invariance_normalised": [invariance(unit(a), unit(b)), -mean(cosines), 1 - mean(cosines)],
        "invariance_product": [mean(dots), -mean(dots)],
        "invariance_halved": [right / 2, 2 * right],
    }


def variance(
    rows: Rows, gamma: float = 1.0, correction: int = 1, epsilon: float = EPSILON
) -> float:
    """Mean over the dimensions of what the deviation lacks to ``gamma``."""
    return mean(
        [max(0.0, gamma - math.sqrt(spread(c, correction) + epsilon)) for c in columns(rows)]
    )


def variance_mistakes(rows: Rows, gamma: float) -> dict[str, list[float]]:
    spreads = [spread(c) for c in columns(rows)]
    deviations = [math.sqrt(v + EPSILON) for v in spreads]
    lacks = [max(0.0, gamma - d) for d in deviations]
    return {
        "not_a_deviation": [mean([max(0.0, gamma - v) for v in spreads])],
        "biased": [variance(rows, gamma, 0)],
        "no_hinge": [
            mean([gamma - d for d in deviations]),
            max(0.0, gamma - mean(deviations)),
            mean([abs(gamma - d) for d in deviations]),
        ],
        "hinge_reversed": [mean([max(0.0, d - gamma) for d in deviations])],
        "hinge_squared": [mean([v * v for v in lacks])],
        "variance_summed": [sum(lacks)],
        "variance_along_rows": [variance(columns(rows), gamma)],
        "gamma_ignored": [variance(rows, 1.0)],
        "variance_of_unit_rows": [variance(unit(rows), gamma)],
        "variance_of_everything": [
            max(0.0, gamma - math.sqrt(spread([v for row in rows for v in row]) + EPSILON))
        ],
        "variance_itself": [mean(deviations), mean(spreads), -mean(deviations), -mean(spreads)],
        "not_centred_variance": [
            mean(
                [
                    max(0.0, gamma - math.sqrt(mean([v * v for v in c]) + EPSILON))
                    for c in columns(rows)
                ]
            )
        ],
    }


def matrix(rows: Rows, correction: int = 1, centre: bool = True) -> Rows:
    """The covariance matrix of the dimensions."""
    cs = [[v - mean(c) for v in c] if centre else c for c in columns(rows)]
    divisor = len(rows) - correction
    return [[math.fsum(x * y for x, y in zip(p, q, strict=True)) / divisor for q in cs] for p in cs]


def beside(m: Rows) -> list[float]:
    """What is off the diagonal."""
    return [v for i, row in enumerate(m) for j, v in enumerate(row) if i != j]


def covariance(rows: Rows) -> float:
    """Squares beside the diagonal, summed, over the number of dimensions."""
    return math.fsum(v * v for v in beside(matrix(rows))) / len(rows[0])


def covariance_mistakes(rows: Rows) -> dict[str, list[float]]:
    m, dim, right = matrix(rows), len(rows[0]), covariance(rows)
    scales = [math.sqrt(m[i][i]) for i in range(dim)]
    correlation = [[m[i][j] / scales[i] / scales[j] for j in range(dim)] for i in range(dim)]
    raw = matrix(rows, correction=0, centre=False)
    entire = [v for row in m for v in row]

    def of(values: list[float]) -> float:
        return math.fsum(v * v for v in values) / dim

    return {
        "covariance_biased": [of(beside(matrix(rows, correction=0)))],
        "not_divided_by_batch": [of(beside(matrix(rows, correction=len(rows) - 1)))],
        "covariance_not_centred": [of(beside(raw)), of(beside(matrix(rows, 1, centre=False)))],
        "diagonal_kept": [of(entire)],
        "covariance_not_squared": [
            math.fsum(beside(m)) / dim,
            math.fsum(abs(v) for v in beside(m)) / dim,
        ],
        "covariance_summed": [right * dim],
        "covariance_averaged": [right / (dim - 1), right / dim],
        "covariance_root": [math.sqrt(right), math.sqrt(right * dim)],
        "covariance_half": [right / 2],
        "correlation": [of(beside(correlation))],
        "covariance_of_rows": [
            math.fsum(v * v for v in beside(matrix(columns(rows)))) / dim,
            covariance(columns(rows)),
        ],
        "covariance_divided_by_batch": [right * dim / len(rows)],
    }


def vicreg(a: Rows, b: Rows, sim: float, var: float, cov: float) -> float:
    """The three terms, weighed: variances averaged over the views, covariances summed."""
    return (
        sim * invariance(a, b)
        + var * (variance(a) + variance(b)) / 2
        + cov * (covariance(a) + covariance(b))
    )


def vicreg_mistakes(a: Rows, b: Rows, sim: float, var: float, cov: float) -> dict[str, list[float]]:
    i = invariance(a, b)
    v_a, v_b = variance(a), variance(b)
    c_a, c_b = covariance(a), covariance(b)
    v, c = (v_a + v_b) / 2, c_a + c_b
    return {
        "variances_summed": [sim * i + 2 * var * v + cov * c],
        "covariances_averaged": [sim * i + var * v + cov * c / 2],
        "paper": [
            sim * i * len(a[0]) + 2 * var * v + cov * c,
            sim * i * len(a[0]) + var * v + cov * c,
        ],
        "both_other": [sim * i + 2 * var * v + cov * c / 2],
        "weights_mixed_up": [
            var * i + sim * v + cov * c,
            sim * i + cov * v + var * c,
            cov * i + var * v + sim * c,
            var * i + cov * v + sim * c,
            cov * i + sim * v + var * c,
        ],
        "weights_ignored": [
            i + v + c,
            25 * i + 25 * v + c,
            sim * i + var * v + c,
            i + var * v + cov * c,
            sim * i + v + cov * c,
        ],
        "one_view_variance": [
            sim * i + var * share * one + cov * c for share in (1, 0.5) for one in (v_a, v_b)
        ],
        "one_view_covariance": [sim * i + var * v + cov * c_a, sim * i + var * v + cov * c_b],
        "views_joined": [
            sim * i + var * variance(a + b) + cov * c,
            sim * i + var * v + cov * covariance(a + b),
            sim * i + var * variance(a + b) + cov * covariance(a + b),
            sim * i + var * variance(a + b) + 2 * cov * covariance(a + b),
        ],
        "term_missing": [var * v + cov * c, sim * i + cov * c, sim * i + var * v],
        "vicreg_sign": [
            sim * i - var * v + cov * c,
            sim * i + var * v - cov * c,
            -(sim * i + var * v + cov * c),
        ],
        "divided_by_weights": [(sim * i + var * v + cov * c) / (sim + var + cov)],
    }


def slopes(a: Rows, b: Rows, sim: float, var: float, cov: float, step: float = 1e-5) -> Rows:
    """The gradient of :func:`vicreg` in ``a`` by central differences."""
    result = []
    for row in a:
        line = []
        for d, kept in enumerate(row):
            row[d] = kept + step
            above = vicreg(a, b, sim, var, cov)
            row[d] = kept - step
            below = vicreg(a, b, sim, var, cov)
            row[d] = kept
            line.append((above - below) / (2 * step))
        result.append(line)
    return result
