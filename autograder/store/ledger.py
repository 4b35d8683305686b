"""What was written into the gradebook, when, and why: one line of JSON for each time.

The file is only ever appended to. Read from its beginning it says what every student's
points were at any time; read to its end, what they are.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from autograder.course.assignment import Assignment, kit_digest
from autograder.course.results import SubmissionResult
from autograder.store.results import Store
from autograder.support import files
from autograder.support.errors import SpeechmarkError
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
        old: name to standing, from :meth:`Ledger.latest`.
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


class Ledger:
    """The log of one class.

    Args:
        path: a file of JSON lines; made with its folder when first written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """The ledger of an assignment, in the course's state folder."""
        return cls(assignment.course.state / "ledger" / f"{assignment.name}.jsonl")

    def record(self, found: Sequence[Change], reason: str) -> None:
        """Append what has been written; when this returns, it is on the disk.

        Nothing is appended for no changes.

        Args:
            found: from :func:`changes`.
            reason: in a person's words.

        Raises:
            SpeechmarkError: the file cannot be written.
        """
        if not found:
            return
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "reason": reason,
            "by": _user(),
            "kit": sorted({change.after.kit for change in found}),
            "suites": sorted({change.after.suites for change in found}),
            "changes": [{**asdict(change), "cause": change.cause} for change in found],
        }
        try:
            self._append(json.dumps(entry, allow_nan=False).encode() + b"\n")
        except OSError as error:
            raise SpeechmarkError(f"Cannot write {self._path}: {error.strerror}.") from error

    def entries(self) -> list[dict[str, Any]]:
        """All entries, the oldest first; a line that a power cut left unfinished is not one.

        Raises:
            SpeechmarkError: the file cannot be read.
        """
        try:
            lines = self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise SpeechmarkError(f"Cannot read {self._path}: {error.strerror}.") from error
        found = []
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and "changes" in entry:
                found.append(entry)
        return found

    def latest(self) -> dict[str, Standing]:
        """Name to what was written last for it.

        Raises:
            SpeechmarkError: the file cannot be read, or was written by another version.
        """
        found = {}
        try:
            for entry in self.entries():
                for change in entry["changes"]:
                    found[str(change["name"])] = Standing(**change["after"])
        except (TypeError, KeyError) as error:
            raise SpeechmarkError(
                f"{self._path} is not a ledger of this version ({error!r}). Put it aside; what is "
                "written next then counts as first grades."
            ) from error
        return found

    def _append(self, line: bytes) -> None:
        is_new = not self._path.exists()
        with files.locked(self._path.with_suffix(".lock")), self._path.open("ab+") as file:
            size = file.seek(0, os.SEEK_END)
            if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
                line = b"\n" + line  # after a line that a power cut left unfinished
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def held(assignment: Assignment) -> dict[str, SubmissionResult]:
    """Name to the result whose points were written last, of those that are still stored.

    Raises:
        SpeechmarkError: as :meth:`Ledger.latest`.
    """
    store = Store(assignment)
    latest = Ledger.of(assignment).latest()
    results = ((name, store.find(standing.key, 0, name)) for name, standing in latest.items())
    return {name: result for name, result in results if result}


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


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
