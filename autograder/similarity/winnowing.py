"""Fingerprints of a sequence of tokens.

Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document fingerprinting",
SIGMOD 2003: every run of :data:`GRAM` tokens is hashed, and of every :data:`WINDOW` hashes in
a row the smallest is kept. Whatever two sequences share for ``GRAM + WINDOW - 1`` tokens is
then found, and nothing shorter than ``GRAM``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

GRAM = 12
"""Tokens that are hashed together: about a line of code."""
WINDOW = 6
"""Grams in a row of which one becomes a fingerprint."""

Hashes = npt.NDArray[np.uint64]

NONE: Hashes = np.empty(0, np.uint64)
_NEVER = np.uint64(2**64 - 1)
"""In place of a gram that does not count."""


def grams(words: Hashes) -> Hashes:
    """[words - GRAM + 1] polynomial hashes modulo 2^64, scrambled so that small is random.

    Args:
        words: the hash of each token, in order.
    """
    count = max(0, len(words) - GRAM + 1)
    found = np.zeros(count, np.uint64)
    for step in range(GRAM):
        found = found * np.uint64(0x9E3779B97F4A7C15) + words[step : step + count]
    found = (found ^ (found >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return np.minimum(found ^ (found >> np.uint64(32)), _NEVER - np.uint64(1))


def winnow(hashes: Hashes, common: Hashes = NONE) -> Hashes:
    """The smallest of every ``WINDOW`` hashes in a row (of all, if there are not so many).

    Args:
        hashes: of the grams, in order.
        common: sorted hashes of grams that are never chosen.

    Returns:
        Sorted, each once.
    """
    if not len(hashes):
        return NONE
    counting = np.where(among(hashes, common), _NEVER, hashes)
    windows = np.lib.stride_tricks.sliding_window_view(counting, min(WINDOW, len(hashes)))
    chosen = np.unique(windows.min(axis=1))
    return chosen[: np.searchsorted(chosen, _NEVER)]


def among(hashes: Hashes, others: Hashes) -> npt.NDArray[np.bool_]:
    """Which of ``hashes`` are in the sorted ``others``."""
    if not len(others):
        return np.zeros(len(hashes), np.bool_)
    place = np.minimum(np.searchsorted(others, hashes), len(others) - 1)
    found: npt.NDArray[np.bool_] = others[place] == hashes
    return found


def words(tokens: Sequence[str]) -> Hashes:
    """A hash of each token, the same on every machine."""
    return np.array([_hash(token) for token in tokens], np.uint64)


@lru_cache(100_000)
def _hash(token: str) -> int:
    digest = hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
