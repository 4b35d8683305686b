"""What a student has in the end: automatic points, points and comments by hand, lateness.

The gradebook holds it (:mod:`autograder.nbgrader.marks` reads it); pages and exports say it.
There is one total, :attr:`Marks.total`, and everything says that one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Mark:
    """One part of a student's submission."""

    points: float
    """Extra credit is in it."""
    max_score: float
    waiting: bool = False
    """A person has yet to mark it, or to look at it anew."""
    written: bool = False
    """A written answer, which only a person marks."""
    by_hand: bool = False
    """A person set the points."""
    comment: str = ""
    """What the person wrote."""


@dataclass(frozen=True)
class Marks:
    """All of a student's submission."""

    parts: Mapping[str, Mark] = field(default_factory=dict)
    penalty: float = 0.0
    """Points taken off for being late."""
    handed_in: datetime | None = None
    due: datetime | None = None
    """When it was due for this student, an extension included."""

    @property
    def max_score(self) -> float:
        """Points of all parts."""
        return sum(mark.max_score for mark in self.parts.values())

    @property
    def waiting(self) -> list[str]:
        """The parts that wait for a person."""
        return [part for part, mark in self.parts.items() if mark.waiting]

    @property
    def so_far(self) -> float:
        """Points of what is marked, less the penalty; never below zero."""
        return max(0.0, sum(mark.points for mark in self.parts.values()) - self.penalty)

    @property
    def total(self) -> float | None:
        """The grade; None as long as a part waits for a person."""
        return None if self.waiting else self.so_far

    @property
    def written(self) -> dict[str, Mark]:
        """The written answers."""
        return {part: mark for part, mark in self.parts.items() if mark.written}

    @property
    def late(self) -> timedelta:
        """How late it was handed in; nothing if it was in time or :attr:`untimed`."""
        if self.handed_in is None or self.due is None:
            return timedelta()
        return max(timedelta(), self.handed_in - self.due)

    @property
    def untimed(self) -> bool:
        """Whether nothing says if it was late: it was due, and has no time that can be read."""
        return self.due is not None and self.handed_in is None
