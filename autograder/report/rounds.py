"""How a class has moved from one grading to the next, as the ledger has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Round:
    """One time that grades were written."""

    time: str
    reason: str
    first: int
    """Students graded for the first time."""
    anew: int
    """Students who had handed in anew."""
    up: int
    """Students whose automatic points rose, and how many had theirs lowered below."""
    down: int
    graded: int
    """Students with a grade by then."""
    middle: float
    """The median of their automatic points."""


def rounds(entries: Iterable[Mapping[str, Any]]) -> list[Round]:
    """The rounds of a ledger's entries (:meth:`autograder.store.ledger.Ledger.entries`)."""
    scores: dict[str, float] = {}
    found = []
    for entry in entries:
        causes: list[str] = []
        up = down = 0
        for change in entry["changes"]:
            before, after = change["before"], change["after"]["score"]
            scores[change["name"]] = after
            causes.append(change["cause"])
            up += before is not None and after > before["score"]
            down += before is not None and after < before["score"]
        if causes:
            found.append(
                Round(
                    time=entry["time"],
                    reason=entry["reason"],
                    first=causes.count("first grade"),
                    anew=causes.count("handed in anew"),
                    up=up,
                    down=down,
                    graded=len(scores),
                    middle=median(scores.values()),
                )
            )
    return found
