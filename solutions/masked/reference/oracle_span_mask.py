"""How likely each mask of a clip is, by following every way to lay spans: the oracle of span_mask.

A mask is a number whose bit ``i`` is token ``i``. It shares no code with any solution.
"""

from __future__ import annotations

from collections import defaultdict


def masked(mask: int) -> int:
    """How many tokens ``mask`` hides."""
    return mask.bit_count()


def chances(length: int, fraction: float, span: int) -> dict[int, float]:
    """Chance of every mask of a clip with ``length`` tokens of speech, at least ``span``.

    Spans are laid one by one, each start as likely as any other; one that hides nothing new
    changes nothing, so it is left out and the others share its chance.
    """
    ended: dict[int, float] = defaultdict(float)
    laid = {0: 1.0}
    while laid:
        following: dict[int, float] = defaultdict(float)
        for mask, chance in laid.items():
            if masked(mask) >= fraction * length:
                ended[mask] += chance
                continue
            after = [mask | (2**span - 1) << start for start in range(length - span + 1)]
            new = [m for m in after if m != mask]
            for m in new:
                following[m] += chance / len(new)
        laid = following
    return dict(ended)


def count_chances(length: int, fraction: float, span: int) -> list[float]:
    """Chance of 0, 1, ... ``length`` masked tokens."""
    result = [0.0] * (length + 1)
    for mask, chance in chances(length, fraction, span).items():
        result[masked(mask)] += chance
    return result


def token_chances(length: int, fraction: float, span: int) -> list[float]:
    """Chance of each token to be masked."""
    result = [0.0] * length
    for mask, chance in chances(length, fraction, span).items():
        for token in range(length):
            result[token] += chance * (mask >> token & 1)
    return result
