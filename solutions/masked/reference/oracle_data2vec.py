"""Targets and loss of data2vec in plain Python floats: the oracle of data2vec.

Sources: Baevski et al. 2022, "data2vec", sections 3.3 (targets: layers normalised over time,
then averaged) and 3.4 (smooth L1). It shares no code with any solution.
"""

from __future__ import annotations

import math
from collections.abc import Callable

Layer = list[list[list[float]]]
"""[batch][tokens][dim]"""
Numbers = list[float]


def normal(values: Numbers, correction: int = 0) -> Numbers:
    """Mean 0, deviation 1; zeros where all values are equal."""
    mean = sum(values) / len(values)
    variance = sum((v - mean) ** 2 for v in values) / (len(values) - correction)
    deviation = math.sqrt(variance)
    return [(v - mean) / deviation if deviation else 0.0 for v in values]


def over_tokens(layer: Layer, how: Callable[[Numbers], Numbers]) -> Layer:
    """``how`` on the tokens of each clip and dimension."""
    result = []
    for clip in layer:
        columns = [how(list(column)) for column in zip(*clip, strict=True)]
        result.append([list(token) for token in zip(*columns, strict=True)])
    return result


def over_dims(layer: Layer, how: Callable[[Numbers], Numbers]) -> Layer:
    """``how`` on the dimensions of each token."""
    return [[how(list(token)) for token in clip] for clip in layer]


def over_batch(layer: Layer, how: Callable[[Numbers], Numbers]) -> Layer:
    """``how`` on all tokens of all clips, for each dimension."""
    (joined,) = over_tokens([[token for clip in layer for token in clip]], how)
    tokens = len(layer[0])
    return [joined[i : i + tokens] for i in range(0, len(joined), tokens)]


def over_clip(layer: Layer, how: Callable[[Numbers], Numbers]) -> Layer:
    """``how`` on all numbers of each clip."""
    result = []
    for clip in layer:
        flat, dim = how([v for token in clip for v in token]), len(clip[0])
        result.append([flat[i : i + dim] for i in range(0, len(flat), dim)])
    return result


def average(layers: list[Layer], divide_by: float | None = None) -> Layer:
    """Mean of layers, number by number."""
    count = divide_by or len(layers)
    return [
        [
            [sum(values) / count for values in zip(*tokens, strict=True)]
            for tokens in zip(*clips, strict=True)
        ]
        for clips in zip(*layers, strict=True)
    ]


def targets(layers: list[Layer], top: int, correction: int = 0) -> Layer:
    """The last ``top`` layers, each normalised over tokens, averaged."""
    return average([over_tokens(x, lambda v: normal(v, correction)) for x in layers[-top:]])


def centred(values: Numbers) -> Numbers:
    """Mean 0."""
    mean = sum(values) / len(values)
    return [v - mean for v in values]


def scaled(values: Numbers) -> Numbers:
    """Deviation 1, the mean kept."""
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))
    return [v / deviation for v in values]


def by_variance(values: Numbers) -> Numbers:
    """Mean 0, divided by the variance."""
    mean = sum(values) / len(values)
    variance = sum((v - mean) ** 2 for v in values) / len(values)
    return [(v - mean) / variance for v in values]


def mistaken_targets(layers: list[Layer], top: int) -> dict[str, Layer]:
    """What well-known mistakes give, by hint."""
    last = layers[-top:]
    right = targets(layers, top)
    return {
        "over_dims": average([over_dims(x, normal) for x in last]),
        "over_batch": average([over_batch(x, normal) for x in last]),
        "over_clip": average([over_clip(x, normal) for x in last]),
        "averaged_first": over_tokens(average(last), normal),
        "normalised_again.0": over_tokens(right, normal),
        "normalised_again.1": over_dims(right, normal),
        "first_layers": targets(layers[:top], top),
        "all_layers": targets(layers, len(layers)),
        "last_layer": targets(layers, 1),
        "one_layer_off": average([over_tokens(x, normal) for x in layers[-top - 1 : -1]]),
        "sum.0": average([over_tokens(x, normal) for x in last], 1.0),
        "sum.1": average([over_tokens(x, normal) for x in last], float(len(layers))),
        "not_normalised": average(last),
        "not_centred": average([over_tokens(x, scaled) for x in last]),
        "only_centred": average([over_tokens(x, centred) for x in last]),
        "variance": average([over_tokens(x, by_variance) for x in last]),
    }


def smooth_l1(prediction: Layer, target: Layer, mask: list[list[bool]], beta: float) -> float:
    """Mean over masked tokens and dimensions."""
    return sum(differences(prediction, target, mask, lambda d: piece(d, beta))) / max(
        1, len(differences(prediction, target, mask, abs))
    )


def piece(d: float, beta: float) -> float:
    """Quadratic up to ``beta``, linear above."""
    return d * d / (2 * beta) if d <= beta else d - beta / 2


def differences(
    prediction: Layer, target: Layer, mask: list[list[bool]], of: Callable[[float], float]
) -> Numbers:
    """``of`` the absolute difference of every number of every masked token."""
    return [
        of(abs(p - q))
        for clips in zip(prediction, target, mask, strict=True)
        for tokens in zip(*clips, strict=True)
        if tokens[2]
        for p, q in zip(tokens[0], tokens[1], strict=True)
    ]


def mistaken_losses(
    prediction: Layer, target: Layer, mask: list[list[bool]], beta: float
) -> dict[str, float]:
    """What well-known mistakes give, by hint."""

    def mean(of: Callable[[float], float], where: list[list[bool]] = mask) -> float:
        values = differences(prediction, target, where, of)
        return sum(values) / len(values)

    def right(d: float) -> float:
        return piece(d, beta)

    every = [[True] * len(row) for row in mask]
    inverted = [[not m for m in row] for row in mask]
    dim = len(prediction[0][0])
    total = sum(differences(prediction, target, mask, right))
    clips = [
        smooth_l1([p], [t], [m], beta)
        for p, t, m in zip(prediction, target, mask, strict=True)
        if any(m)
    ]
    return {
        "all_tokens": mean(right, every),
        "visible_tokens": mean(right, inverted),
        "zeroed": total / len(differences(prediction, target, every, right)),
        "sum.0": total,
        "sum.1": total / (len(differences(prediction, target, mask, right)) / dim),
        "per_clip": sum(clips) / len(clips),
        "square": mean(lambda d: d * d),
        "half_square": mean(lambda d: d * d / 2),
        "absolute": mean(lambda d: d),
        "huber": mean(lambda d: beta * right(d)),
        "beta_ignored": mean(lambda d: piece(d, 1.0)),
        "no_half": mean(lambda d: d * d / beta if d <= beta else d - beta / 2),
        "not_shifted": mean(lambda d: d * d / (2 * beta) if d <= beta else d),
        "wrong_side": mean(lambda d: d * d / (2 * beta) if d > beta else d - beta / 2),
        "sign": -mean(right),
    }
