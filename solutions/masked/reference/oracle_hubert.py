"""HuBERT's loss in plain Python floats, written from the formula: the oracle of hubert.

Source: Hsu et al. 2021, equations 1 and 2, with means in place of sums as the text says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

Numbers = list[float]
Labels = list[list[int]]
Mask = list[list[bool]]
Logits = list[list[Numbers]]


def surprise(logits: Numbers, label: int) -> float:
    """Cross-entropy of one token."""
    top = max(logits)
    return top + math.log(sum(math.exp(x - top) for x in logits)) - logits[label]


def mean(values: Iterable[float]) -> float:
    """The mean, 0 of nothing."""
    given = list(values)
    return sum(given) / len(given) if given else 0.0


def tokens_of(which: Mask) -> list[tuple[int, int]]:
    """Clip and token of every true cell."""
    return [(b, t) for b, row in enumerate(which) for t, value in enumerate(row) if value]


def visible(mask: Mask, speech: Mask) -> Mask:
    """Speech that is not masked."""
    return [
        [s and not m for m, s in zip(*rows, strict=True)] for rows in zip(mask, speech, strict=True)
    ]


def loss(logits: Logits, labels: Labels, mask: Mask, speech: Mask, alpha: float) -> float:
    """Masked and visible tokens, each side a mean."""

    def side(which: Mask) -> float:
        return mean(surprise(logits[b][t], labels[b][t]) for b, t in tokens_of(which))

    return alpha * side(mask) + (1 - alpha) * side(visible(mask, speech))


def gradient(
    logits: Logits, labels: Labels, mask: Mask, speech: Mask, alpha: float
) -> list[list[Numbers]]:
    """The gradient in every logit: softmax minus one-hot, over the number of tokens of a side."""
    result = [[[0.0] * len(row) for row in clip] for clip in logits]
    for weight, which in ((alpha, mask), (1 - alpha, visible(mask, speech))):
        cells = tokens_of(which)
        for b, t in cells:
            row = logits[b][t]
            top = max(row)
            total = sum(math.exp(x - top) for x in row)
            for c, x in enumerate(row):
                p = math.exp(x - top) / total
                result[b][t][c] += weight * (p - (c == labels[b][t])) / len(cells)
    return result


Case = tuple[Logits, Labels, Mask, Mask]


def mistakes(case: Case, alpha: float) -> dict[str, float]:
    """What well-known mistakes give, by hint."""
    logits, labels, mask, speech = case
    seen, every = visible(mask, speech), [[True] * len(row) for row in mask]
    unmasked = [[not m for m in row] for row in mask]

    def terms(which: Mask, shift: int = 0) -> Numbers:
        cells = tokens_of(which)
        width = len(mask[0])
        return [surprise(logits[b][t], labels[b][(t + shift) % width]) for b, t in cells]

    def both(side: Callable[[Mask], float]) -> float:
        return alpha * side(mask) + (1 - alpha) * side(seen)

    def clipwise(which: Mask) -> float:
        clips = [tokens_of([row]) for row in which]
        values = [
            mean(surprise(logits[b][t], labels[b][t]) for _, t in cells)
            for b, cells in enumerate(clips)
        ]
        return mean(values)

    def clips_with(which: Mask) -> float:
        values = [
            mean(surprise(logits[b][t], labels[b][t]) for _, t in tokens_of([row]))
            for b, row in enumerate(which)
            if any(row)
        ]
        return mean(values)

    def softmax(row: Numbers) -> Numbers:
        top = max(row)
        e = [math.exp(x - top) for x in row]
        return [x / sum(e) for x in e]

    def twice(which: Mask) -> float:
        return mean(surprise(softmax(logits[b][t]), labels[b][t]) for b, t in tokens_of(which))

    n_speech, n_all = len(tokens_of(speech)), len(tokens_of(every))
    return {
        "swapped": alpha * mean(terms(seen)) + (1 - alpha) * mean(terms(mask)),
        "masked_alone": mean(terms(mask)),
        "visible_alone": mean(terms(seen)),
        "all_speech": mean(terms(speech)),
        "all_tokens": mean(terms(every)),
        "silence": alpha * mean(terms(mask)) + (1 - alpha) * mean(terms(unmasked)),
        "no_weight": mean(terms(mask)) + mean(terms(seen)),
        "half_weight": alpha * mean(terms(mask)) + mean(terms(seen)),
        "alpha_alone": alpha * mean(terms(mask)),
        "sum": both(lambda which: sum(terms(which))),
        "one_number.0": both(lambda which: sum(terms(which)) / n_speech),
        "one_number.1": both(lambda which: sum(terms(which)) / n_all),
        "per_clip.0": both(clipwise),
        "per_clip.1": both(clips_with),
        "late.0": both(lambda which: mean(terms(which, -1))),
        "late.1": both(lambda which: mean(terms(which, 1))),
        "softmax_twice": both(twice),
        "sign": -loss(*case, alpha),
        "per_class": loss(*case, alpha) / len(logits[0][0]),
    }
