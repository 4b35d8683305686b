"""Writes each student's latest hand-in to ``submitted/<student>/<assignment>/``, with its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.copies import copy_number
from autograder.course.timestamps import Clock, handed_in
from autograder.lms.downloads import File
from autograder.lms.layouts import Clue
from autograder.lms.origins import Origins
from autograder.support import files
from autograder.support.errors import SpeechmarkError

_ORDER = ("older", "unchanged", "new", "replaced")
"""Where a group's members differ, what is said of their notebook: the last of these."""


@dataclass
class Entry:
    """What became of one file of the download."""

    path: str
    students: list[str] = field(default_factory=list)
    done: str = "skipped"
    """``new``, ``replaced``, ``unchanged``, ``older``, ``unknown`` or ``skipped``."""
    why: str = ""
    time: str = ""
    """When it was handed in, ISO 8601; empty if nothing says it."""


@dataclass(frozen=True)
class HandIn:
    """A notebook that somebody handed in."""

    entry: Entry
    clue: Clue
    file: File
    content: bytes
    time: datetime | None

    @property
    def rank(self) -> tuple[datetime, int]:
        """The later, the larger; among equal times the later copy."""
        least = datetime.min.replace(tzinfo=UTC)
        return self.time or least, max(copy_number(self.file.name), copy_number(self.clue.file))


def lay(assignment: Assignment, hand_ins: Sequence[HandIn], *, dry_run: bool, clock: Clock) -> None:
    """Write each student's latest hand-in, and say of each in its entry what became of it.

    A timestamp that lies there already is as ``clock`` writes it.
    """
    latest: dict[str, HandIn] = {}
    for hand_in in hand_ins:
        for student in hand_in.entry.students:
            held = latest.get(student)
            if held is None or hand_in.rank >= held.rank:
                latest[student] = hand_in
    ledger = Origins(assignment)
    for hand_in in hand_ins:
        entry = hand_in.entry
        own = [s for s in entry.students if latest[s] is hand_in]
        if not own:
            later = latest[entry.students[0]]
            same = later.content == hand_in.content
            entry.done = "older"
            entry.why = f"{'the same as' if same else 'earlier than'} {later.file.path}"
            continue
        entry.students = own
        outcomes = [_lay_one(assignment, student, hand_in, dry_run, clock) for student in own]
        entry.done, entry.why = max(outcomes, key=lambda o: _ORDER.index(o[0]))
        for student, (done, _) in zip(own, outcomes, strict=True):
            if done != "older":
                ledger.enter(student, hand_in.clue)
    if not dry_run:
        ledger.save()


def _lay_one(
    assignment: Assignment, student: str, hand_in: HandIn, dry_run: bool, clock: Clock
) -> tuple[str, str]:
    folder = assignment.course.root / "submitted" / student / assignment.name
    if folder.is_symlink() or folder.parent.is_symlink():
        return "older", f"{folder} is a link; a folder is needed"
    path, stamp = folder / f"{assignment.name}.ipynb", folder / "timestamp.txt"
    done, why, time = "new", "", hand_in.time
    if path.is_file():
        before = path.read_bytes()
        try:
            held = handed_in(folder, clock)
        except SpeechmarkError as error:
            return "older", f"it cannot be compared with what {student} handed in: {error}"
        if before == hand_in.content:
            # The same work: what counts is when it was there first.
            time = min(filter(None, (time, held)), default=None)
            if time == held:
                return "unchanged", ""
            done, why = "replaced", "the same notebook, with its time"
        elif held and time and time < held:
            return "older", f"{student} handed in again at {held.isoformat()}"
        else:
            kept = _kept(assignment, student, before)
            done, why = "replaced", f"what was there before is kept in {kept}"
            if not dry_run:
                files.write(assignment.course.root / kept, before)
    if not dry_run:
        files.write(path, hand_in.content)
        if time:
            files.write(stamp, time.astimezone(UTC).isoformat().encode())
        else:
            stamp.unlink(missing_ok=True)
    return done, why


def _kept(assignment: Assignment, student: str, content: bytes) -> Path:
    name = f"{sha256(content).hexdigest()[:12]}.ipynb"
    return Path(".speechmark") / "replaced" / assignment.name / student / name
