"""Alignment, uniformity and nearest neighbours in plain Python floats, term by term.

Source: Wang and Isola 2020, "Understanding Contrastive Representation Learning through
Alignment and Uniformity on the Hypersphere", equations 1 and 2, on unit vectors. The
mistakes people make are written out beside the right formulas.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

Row = list[float]
Rows = list[Row]


def unit(row: Row) -> Row:
    """The row divided by its length."""
    length = math.sqrt(sum(v * v for v in row))
    return [v / length for v in row]


def squared_distance(x: Row, y: Row) -> float:
    """Squared Euclidean distance."""
    return sum((p - q) ** 2 for p, q in zip(x, y, strict=True))


def cosine(x: Row, y: Row) -> float:
    """Cosine of the angle between two rows."""
    return sum(p * q for p, q in zip(unit(x), unit(y), strict=True))


def alignment(a: Rows, b: Rows) -> float:
    """Mean squared distance of the pairs."""
    return sum(squared_distance(x, y) for x, y in zip(a, b, strict=True)) / len(a)


def alignment_mistakes(a: Rows, b: Rows) -> dict[str, list[float]]:
    """What common mistakes give in place of :func:`alignment`."""
    n, dim = len(a), len(a[0])
    squares = [squared_distance(x, y) for x, y in zip(a, b, strict=True)]
    cosines = [cosine(x, y) for x, y in zip(a, b, strict=True)]
    crossed = [squared_distance(x, y) for x in a for y in b]
    return {
        "alignment_not_squared": [
            sum(math.sqrt(s) for s in squares) / n,
            sum(
                sum(abs(p - q) for p, q in zip(x, y, strict=True))
                for x, y in zip(a, b, strict=True)
            )
            / n,
        ],
        "alignment_sum": [sum(squares)],
        "alignment_over_elements": [sum(squares) / n / dim],
        "alignment_all_pairs": [sum(crossed) / len(crossed)],
        "alignment_partner": [
            alignment(a, b[::-1]),
            *(alignment(a, b[i:] + b[:i]) for i in (1, -1)),
        ],
        "alignment_cosine": [
            sum(cosines) / n,
            1 - sum(cosines) / n,
            -sum(cosines) / n,
            sum(1 - c for c in cosines) / n / 2,
        ],
        "alignment_sign": [-sum(squares) / n],
        "alignment_log": [
            math.log(sum(squares) / n),
            math.log(sum(math.exp(-2 * s) for s in squares) / n),
        ],
        "alignment_root": [math.sqrt(sum(squares) / n), math.sqrt(sum(squares))],
    }


def uniformity(z: Rows, t: float) -> float:
    """Logarithm of the mean Gaussian potential of all pairs i < j."""
    potentials = [
        math.exp(-t * squared_distance(z[i], z[j])) for i in range(len(z)) for j in range(i)
    ]
    return math.log(sum(potentials) / len(potentials))


def uniformity_mistakes(z: Rows, t: float) -> dict[str, list[float]]:
    """What common mistakes give in place of :func:`uniformity`."""
    n = len(z)
    squares = [squared_distance(z[i], z[j]) for i in range(n) for j in range(i)]
    pairs = len(squares)

    def total(f: Callable[[float], float]) -> float:
        return sum(f(s) for s in squares)

    gauss = total(lambda s: math.exp(-t * s))
    return {
        "uniformity_diagonal": [
            math.log((2 * gauss + n) / n**2),
            math.log((gauss + n) / (pairs + n)),
            math.log((gauss + pairs + n) / n**2),
            math.log((2 * gauss + n) / (n * (n - 1))),
            math.log(gauss / n**2),
            math.log(2 * gauss / n**2),
        ],
        "uniformity_no_log": [gauss / pairs, (2 * gauss + n) / n**2],
        "uniformity_sum": [
            math.log(gauss),
            math.log(2 * gauss),
            math.log(2 * gauss + n),
            math.log(gauss / n),
            math.log(2 * gauss / n),
        ],
        "uniformity_no_t": [
            math.log(total(lambda s: math.exp(-s)) / pairs),
            math.log(total(lambda s: math.exp(-2 * s)) / pairs),
            math.log(total(lambda s: math.exp(-s / t)) / pairs),
            math.log(total(lambda s: math.exp(-s / 2 / t)) / pairs),
            math.log(total(lambda s: math.exp(-s / 2 / t**2)) / pairs),
            math.log(total(lambda s: math.exp(-t * t * s)) / pairs),
        ],
        "uniformity_not_squared": [
            math.log(total(lambda s: math.exp(-t * math.sqrt(s))) / pairs),
            math.log(total(lambda s: math.exp(-t * s * s)) / pairs),
        ],
        "uniformity_sign": [
            -math.log(gauss / pairs),
            math.log(total(lambda s: math.exp(t * s)) / pairs),
        ],
        "uniformity_log_inside": [-t * total(lambda s: s) / pairs],
        "uniformity_cosine": [
            math.log(total(lambda s: math.exp(-t * (1 - s / 2))) / pairs),
            math.log(total(lambda s: math.exp(t * (1 - s / 2))) / pairs),
        ],
    }


def dot(x: Row, y: Row) -> float:
    """Inner product, which long vectors win."""
    return sum(p * q for p, q in zip(x, y, strict=True))


def minus_euclidean(x: Row, y: Row) -> float:
    """Nearness by Euclidean distance, which vectors of like length win."""
    return -squared_distance(x, y)


def neighbours(
    train: Rows, clips: Rows, nearness: Callable[[Row, Row], float] = cosine
) -> list[list[int]]:
    """For each clip the indices of all training clips, nearest first."""
    if nearness is cosine:
        train, clips, nearness = [unit(x) for x in train], [unit(x) for x in clips], dot
    result = []
    for clip in clips:
        near = [nearness(x, clip) for x in train]
        result.append(sorted(range(len(train)), key=lambda i, near=near: -near[i]))
    return result


def votes(labels: list[int]) -> list[tuple[int, int]]:
    """(label, number of votes), most voted first."""
    return Counter(labels).most_common()


def clear(train: Rows, train_y: list[int], clip: Row, ks: tuple[int, ...]) -> bool:
    """Whether no tie and no rounding can change the k nearest or their vote, for all ``ks``."""
    order = neighbours(train, [clip])[0]
    for k in ks:
        counted = votes([train_y[i] for i in order[:k]])
        if len(counted) > 1 and counted[0][1] == counted[1][1]:
            return False
        if k < len(order):
            inside, outside = train[order[k - 1]], train[order[k]]
            if cosine(inside, clip) - cosine(outside, clip) < 1e-3:
                return False
    return True


def predictions(orders: list[list[int]], train_y: list[int], k: int) -> list[int]:
    """The label that most of the k nearest training clips have, for each test clip."""
    return [votes([train_y[i] for i in order[:k]])[0][0] for order in orders]


def share(predicted: list[int], actual: list[int]) -> float:
    """Share of predictions that are right."""
    return sum(p == a for p, a in zip(predicted, actual, strict=True)) / len(actual)


def either(orders: list[list[int]], train_y: list[int], k: int, actual: list[int]) -> list[float]:
    """Accuracies with ties going to the nearer label and to the smaller one."""
    smaller = [
        min(votes([train_y[i] for i in order[:k]]), key=lambda v: (-v[1], v[0]))[0]
        for order in orders
    ]
    return [share(predictions(orders, train_y, k), actual), share(smaller, actual)]


def knn_accuracy(train: Rows, train_y: list[int], test: Rows, test_y: list[int], k: int) -> float:
    """Share of test clips whose label most of the k nearest training clips (cosine) have."""
    return share(predictions(neighbours(train, test), train_y, k), test_y)


def knn_mistakes(
    train: Rows, train_y: list[int], test: Rows, test_y: list[int], k: int
) -> dict[str, list[float]]:
    """What common mistakes give in place of :func:`knn_accuracy`."""
    orders = neighbours(train, test)
    right = share(predictions(orders, train_y, k), test_y)
    ranked = [[train_y[i] for i in order] for order in orders]

    def by(nearness: Callable[[Row, Row], float]) -> list[float]:
        return either(neighbours(train, test, nearness), train_y, k, test_y)

    with_test = neighbours(train + test, test)
    return {
        "knn_euclidean": by(minus_euclidean),
        "knn_inner_product": by(dot),
        "knn_farthest": by(lambda x, y: -cosine(x, y)) + by(squared_distance),
        "knn_index": [
            share([order[0] for order in orders], test_y),
            share([min(order[:k]) for order in orders], test_y),
            share([max(order[:k]) for order in orders], test_y),
        ],
        "knn_one_neighbour": [share([r[0] for r in ranked], test_y)],
        "knn_any_neighbour": [
            sum(y in r[:k] for r, y in zip(ranked, test_y, strict=True)) / len(test_y)
        ],
        "knn_mean_of_neighbours": [
            sum(r[:k].count(y) / k for r, y in zip(ranked, test_y, strict=True)) / len(test_y)
        ],
        "knn_fixed_k": [share(predictions(orders, train_y, 5), test_y)],
        "knn_self": either(with_test, train_y + test_y, k, test_y)
        + either(neighbours(train, train), train_y, k, train_y)
        + either(neighbours(test, test), test_y, k, test_y),
        "knn_first_skipped": either([order[1:] for order in orders], train_y, k, test_y),
        "knn_most_common_class": [share([votes(train_y)[0][0]] * len(test), test_y)],
        "knn_not_a_share": [right * len(test_y), 100 * right, 1 - right],
        "knn_wrong_divisor": [right * len(test_y) / len(train)],
    }
