"""What a grading changes for students, and why: new work, or the same work judged otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from autograder.course.results import SubmissionResult
from autograder.store.conditions import kit_digest
from autograder.support.plaintext import plain
from autograder.support.words import number

Cause = Literal["first grade", "handed in anew", "graded anew"]


@dataclass(frozen=True)
class Standing:
    """A student's automatic points, and what they were given by."""

    score: float
    max_score: float
    parts: dict[str, float]
    key: str
    """Of the result, see :class:`autograder.course.results.SubmissionResult`."""
    suites: str
    """Digest of the suites."""
    kit: str
    """Digest of the kit's code."""
    device: str

    @classmethod
    def of(cls, result: SubmissionResult) -> Self:
        """The standing that ``result``, made by the kit as it is, gives a student."""
        return cls(
            score=result.score,
            max_score=result.max_score,
            parts={part.id: part.score for part in result.parts},
            key=result.key,
            suites=result.environment.suites,
            kit=kit_digest(),
            device=result.environment.device,
        )

    @property
    def grader(self) -> tuple[object, ...]:
        """What besides the student's work decided the points."""
        return self.suites, self.kit, self.device, self.max_score


@dataclass(frozen=True)
class Change:
    """Another result than before for one student; the points may be the same."""

    name: str
    before: Standing | None
    after: Standing

    @property
    def cause(self) -> Cause:
        """Why: the student handed in anew, or (perhaps) the same work was graded anew."""
        if self.before is None:
            return "first grade"
        same_work = self.before.key == self.after.key
        same_grader = self.before.grader == self.after.grader
        return "graded anew" if same_work or not same_grader else "handed in anew"

    @property
    def difference(self) -> float:
        """Points gained; negative if lost."""
        return round(self.after.score - (self.before.score if self.before else 0.0), 2)

    @property
    def parts(self) -> dict[str, tuple[float | None, float | None]]:
        """The parts whose points differ: old and new, None where there was or is no such part."""
        old, new = self.before.parts if self.before else {}, self.after.parts
        return {
            part: (old.get(part), new.get(part))
            for part in {**old, **new}
            if old.get(part) != new.get(part)
        }


def changes(old: Mapping[str, Standing], new: Iterable[SubmissionResult]) -> list[Change]:
    """What ``new`` results change, in their order.

    A result that is not graded changes nothing: the grade stays what it was.

    Args:
        old: name to standing, from :meth:`autograder.store.ledger.Ledger.latest`.
        new: results that are about to be written.
    """
    found = []
    for result in new:
        if not result.graded or any(part.outcome == "grader" for part in result.parts):
            continue
        change = Change(result.name, old.get(result.name), Standing.of(result))
        if change.before is None or change.parts or change.before.key != change.after.key:
            found.append(change)
    return found


def regraded(found: Sequence[Change]) -> list[Change]:
    """Those of ``found`` that alter points without the student's doing: they need a reason."""
    return [change for change in found if change.parts and change.cause == "graded anew"]


def table(found: Sequence[Change]) -> Table:
    """Who had what and gets what, part by part, for those whose grade alters."""
    grid = Table(box=SIMPLE_HEAD, padding=(0, 1), header_style="bold")
    for title in ("student", "part", "total", "", "why"):
        grid.add_column(title, justify="right" if title in ("total", "") else "left")
    for change in found:
        if change.before is None or not change.parts:
            continue
        parts = [f"{part} {_points(a)} → {_points(b)}" for part, (a, b) in change.parts.items()]
        gain = change.difference
        sign = f"+{number(gain)}" if gain > 0 else f"−{number(-gain)}" if gain else "±0"
        grid.add_row(
            Text(plain(change.name, 40)),
            Text("\n".join(parts)),
            f"{number(change.before.score)} → {number(change.after.score)}",
            Text(sign, style="green" if gain > 0 else "red" if gain else ""),
            change.cause,
        )
    return grid


def words(found: Sequence[Change]) -> str:
    """``12 grades change (9 up, 2 down), 5 first grades``."""
    altered = [change for change in found if change.before is not None and change.parts]
    up = sum(change.difference > 0 for change in altered)
    down = sum(change.difference < 0 for change in altered)
    first = sum(change.before is None for change in found)
    said = f"{len(altered)} {'grade changes' if len(altered) == 1 else 'grades change'}"
    return f"{said} ({up} up, {down} down), {first} first grade{'' if first == 1 else 's'}"


def _points(points: float | None) -> str:
    return "–" if points is None else number(points)
