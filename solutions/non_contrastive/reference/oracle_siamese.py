"""Negative cosine and the siamese loss in plain Python floats, written from their formulas.

Source: Chen and He 2021, "Exploring Simple Siamese Representation Learning", equations 1 and 2.
A known mistake is the right way with one decision made wrongly.
"""

from __future__ import annotations

import math
from collections.abc import Callable

Rows = list[list[float]]


def dot(x: list[float], y: list[float]) -> float:
    """Inner product of two vectors."""
    return math.fsum(p * q for p, q in zip(x, y, strict=True))


def length(x: list[float]) -> float:
    return math.sqrt(dot(x, x))


def cosine(x: list[float], y: list[float]) -> float:
    return dot(x, y) / (length(x) * length(y))


def columns(rows: Rows) -> Rows:
    """The transpose."""
    return [list(column) for column in zip(*rows, strict=True)]


def flat(rows: Rows) -> list[float]:
    """All rows one after the other."""
    return [value for row in rows for value in row]


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def by_row(p: Rows, z: Rows, of: Callable[[list[float], list[float]], float]) -> list[float]:
    """``of`` every row of ``p`` and the row of ``z`` that belongs to it."""
    return [of(x, y) for x, y in zip(p, z, strict=True)]


def negative_cosine(p: Rows, z: Rows) -> float:
    """Minus the mean cosine of the rows."""
    return -mean(by_row(p, z, cosine))


def cosine_mistakes(p: Rows, z: Rows) -> dict[str, list[float]]:
    """Hint to the values that mistakes of its kind give."""
    cosines, flat_p, flat_z = by_row(p, z, cosine), flat(p), flat(z)
    apart = by_row(p, z, lambda x, y: 2 - 2 * cosine(x, y))
    n, dim = len(p), len(p[0])
    by_sum = [dot(x, y) / sum(map(abs, x)) / sum(map(abs, y)) for x, y in zip(p, z, strict=True)]
    return {
        "sign": [mean(cosines)],
        "one_minus": [1 - mean(cosines), mean(cosines) - 1, -1 - mean(cosines)],
        "distance": [
            mean(apart),
            mean(apart) / dim,
            sum(apart),
            mean(by_row(p, z, lambda x, y: dot(x, x) + dot(y, y) - 2 * dot(x, y))) / dim,
            mean(by_row(p, z, lambda x, y: dot(x, x) + dot(y, y) - 2 * dot(x, y))),
        ],
        "sum": [-sum(cosines)],
        "mean_over_dimensions": [-mean(cosines) / dim, -mean(cosines) / n],
        "not_normalised": [-mean(by_row(p, z, dot)), -mean(by_row(p, z, dot)) / dim],
        "one_not_normalised": [
            -mean(by_row(p, z, lambda x, y: dot(x, y) / length(x))),
            -mean(by_row(p, z, lambda x, y: dot(x, y) / length(y))),
        ],
        "columns": [
            negative_cosine(columns(p), columns(z)),
            negative_cosine(columns(p), columns(z)) * dim / n,
        ],
        "whole_matrix": [-cosine(flat_p, flat_z)],
        "all_pairs": [-mean([cosine(x, y) for x in p for y in z])],
        "absolute": [-mean([abs(c) for c in cosines]), -mean([c * c for c in cosines])],
        "other_norm": [-mean(by_sum)],
        "reordered": [negative_cosine(p, z[1:] + z[:1]), negative_cosine(p, z[::-1])],
    }


def siamese(p_a: Rows, p_b: Rows, z_a: Rows, z_b: Rows) -> float:
    """Half of each direction."""
    return (negative_cosine(p_a, z_b) + negative_cosine(p_b, z_a)) / 2


def siamese_mistakes(p_a: Rows, p_b: Rows, z_a: Rows, z_b: Rows) -> dict[str, list[float]]:
    """Hint to the values that mistakes of its kind give."""
    right = siamese(p_a, p_b, z_a, z_b)
    return {
        "own_view": [
            siamese(p_a, p_b, z_b, z_a),
            (negative_cosine(p_a, z_b) + negative_cosine(p_b, z_b)) / 2,
            (negative_cosine(p_a, z_a) + negative_cosine(p_b, z_a)) / 2,
            (negative_cosine(p_a, z_b) + negative_cosine(p_a, z_a)) / 2,
        ],
        "predictions_compared": [
            negative_cosine(p_a, p_b),
            negative_cosine(z_a, z_b),
            (negative_cosine(p_a, p_b) + negative_cosine(z_a, z_b)) / 2,
        ],
        "one_direction": [
            negative_cosine(p_a, z_b),
            negative_cosine(p_b, z_a),
            negative_cosine(p_a, z_b) / 2,
            negative_cosine(p_b, z_a) / 2,
        ],
        "halves": [2 * right, right / 2],
        "byol_units": [4 + 4 * right, 2 + 2 * right, 1 + right],
        "loss_sign": [-right],
    }


def slopes(p: Rows, z: Rows, step: float = 1e-5) -> Rows:
    """The gradient of :func:`negative_cosine` in ``p`` by central differences (error 1e-9)."""
    result = []
    for row in p:
        line = []
        for d, kept in enumerate(row):
            row[d] = kept + step
            above = negative_cosine(p, z)
            row[d] = kept - step
            below = negative_cosine(p, z)
            row[d] = kept
            line.append((above - below) / (2 * step))
        result.append(line)
    return result
