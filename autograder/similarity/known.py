"""Who handed in a solution of the course's own: the reference, or a known right one.

Such code is left out of the comparison of pairs, since anyone may have it; that is no reason to
say nothing of it. A form so plain that several of the class have it by themselves is not named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from autograder.similarity.document import Document
from autograder.similarity.winnowing import Hashes

ENOUGH = 12
"""Fingerprints that a solution must have at least: shorter ones are written alike by chance."""
SAME = 0.9
"""Share of the fingerprints of both from which they are the same."""

_WIDESPREAD = (0.1, 2)
"""A solution that more than this share of a class has, and more than so many, is a plain form."""


@dataclass(frozen=True)
class Known:
    """A solution that is on file."""

    label: str
    """``reference`` or ``right/<file>``."""
    part: str
    document: Document


@dataclass(frozen=True)
class Taken:
    """A submission that holds solutions on file."""

    name: str
    parts: dict[str, str]
    """Part to the label of the solution that it is."""
    shared: int
    """Fingerprints of all of them."""


def find_taken(
    documents: Mapping[str, Document], known: Iterable[Known], given: Hashes
) -> list[Taken]:
    """Which of ``documents`` hold which of ``known``, those with most first.

    Args:
        documents: name to document.
        known: the solutions on file.
        given: sorted hashes of what was released, which does not count.
    """
    held = {name: document.fingerprints(given) for name, document in documents.items()}
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for solution in known:
        theirs = solution.document.fingerprints(given).get(solution.part)
        if theirs is None or len(theirs) < ENOUGH:
            continue
        for name, parts in held.items():
            own = parts.get(solution.part)
            if own is None or not len(own):
                continue
            shared = len(np.intersect1d(own, theirs))
            if shared >= SAME * max(len(own), len(theirs)):
                best = found.setdefault(name, {}).get(solution.part, ("", 0))
                if shared > best[1]:
                    found[name][solution.part] = (solution.label, shared)
    share, least = _WIDESPREAD
    count = Counter(place for parts in found.values() for place in _places(parts))
    plain = {place for place, n in count.items() if n > max(least, share * len(documents))}
    taken = [
        Taken(
            name,
            {part: label for part, (label, _) in parts.items() if (part, label) not in plain},
            sum(n for part, (label, n) in parts.items() if (part, label) not in plain),
        )
        for name, parts in found.items()
    ]
    return sorted((one for one in taken if one.parts), key=lambda one: -one.shared)


def _places(parts: Mapping[str, tuple[str, int]]) -> list[tuple[str, str]]:
    return [(part, label) for part, (label, _) in parts.items()]
