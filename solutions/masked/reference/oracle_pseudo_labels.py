"""k-means in plain Python floats, written from its definition: the oracle of pseudo_labels.

Source: Lloyd 1982, "Least squares quantization in PCM". It shares no code with any solution.
"""

from __future__ import annotations

import math
from collections.abc import Callable

Row = list[float]
Rows = list[Row]


def squared_distance(x: Row, y: Row) -> float:
    """Squared Euclidean distance."""
    return sum((p - q) ** 2 for p, q in zip(x, y, strict=True))


def city_block(x: Row, y: Row) -> float:
    """Sum of the absolute differences."""
    return sum(abs(p - q) for p, q in zip(x, y, strict=True))


def largest_difference(x: Row, y: Row) -> float:
    """The largest absolute difference."""
    return max(abs(p - q) for p, q in zip(x, y, strict=True))


def minus_dot(x: Row, y: Row) -> float:
    """Minus the inner product."""
    return -sum(p * q for p, q in zip(x, y, strict=True))


def minus_cosine(x: Row, y: Row) -> float:
    """Minus the cosine of the angle."""
    return minus_dot(x, y) / math.hypot(*x) / math.hypot(*y)


def farness(x: Row, y: Row) -> float:
    """Least for what is farthest."""
    return -squared_distance(x, y)


Distance = Callable[[Row, Row], float]

MISTAKEN_DISTANCES: dict[str, Distance] = {
    "farthest": farness,
    "dot_product": minus_dot,
    "cosine": minus_cosine,
    "city_block": city_block,
    "largest_difference": largest_difference,
}
"""What else could be taken for the distance."""


def nearest(frames: Rows, centroids: Rows, distance: Distance = squared_distance) -> list[int]:
    """Index of the nearest centroid of each frame."""
    return [min(range(len(centroids)), key=lambda i: distance(f, centroids[i])) for f in frames]


def margin(frames: Rows, centroids: Rows) -> float:
    """By how much the second nearest centroid is farther than the nearest, for the worst frame."""
    gaps = []
    for frame in frames:
        distances = sorted(math.sqrt(squared_distance(frame, c)) for c in centroids)
        gaps.append(distances[1] - distances[0])
    return min(gaps)


def mean(rows: Rows) -> Row:
    """Mean of each column."""
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def step(frames: Rows, centroids: Rows) -> Rows:
    """Every centroid moved to the mean of its frames; one without frames stays."""
    label = nearest(frames, centroids)
    moved = []
    for i, centroid in enumerate(centroids):
        own = [frame for frame, of in zip(frames, label, strict=True) if of == i]
        moved.append(mean(own) if own else list(centroid))
    return moved


def lloyd(frames: Rows, start: Rows, steps: int) -> Rows:
    """``steps`` steps from the centroids ``start``."""
    centroids = [list(row) for row in start]
    for _ in range(steps):
        centroids = step(frames, centroids)
    return centroids


def mistaken_steps(frames: Rows, centroids: Rows) -> dict[str, Rows]:
    """What well-known mistakes make of one step in which every centroid has frames."""
    label = nearest(frames, centroids)
    own = [
        [frame for frame, of in zip(frames, label, strict=True) if of == i]
        for i in range(len(centroids))
    ]
    half = [
        [(p + q) / 2 for p, q in zip(mean(rows), centroid, strict=True)]
        for rows, centroid in zip(own, centroids, strict=True)
    ]
    return {
        "sum": [[sum(column) for column in zip(*rows, strict=True)] for rows in own],
        "mean_of_all": [
            [sum(column) / len(frames) for column in zip(*rows, strict=True)] for rows in own
        ],
        "median": [
            [sorted(column)[(len(rows) - 1) // 2] for column in zip(*rows, strict=True)]
            for rows in own
        ],
        "with_itself": [
            mean([*rows, centroid]) for rows, centroid in zip(own, centroids, strict=True)
        ],
        "half_way": half,
        "unmoved": centroids,
        "sorted": sorted(step(frames, centroids)),
    }
