"""Lays a download's notebooks into nbgrader's folders, ``submitted/<student>/<assignment>/``.

nbgrader's ``zip_collect`` does the like from one regular expression, which
``FileNameCollectorPlugin.named_regexp`` in the course's configuration or ``--pattern`` hands to
it here too. What is our own is what it lacks: it unpacks whatever a zip holds, stops at a second
hand-in without a time, knows no roster and no groups, and says nothing before it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any

from autograder import notebooks
from autograder.course.assignment import Assignment
from autograder.course.copies import own_stem
from autograder.course.timestamps import Clock
from autograder.lms.downloads import Download, File
from autograder.lms.laying import Entry, HandIn, lay
from autograder.lms.layouts import Clue, Metadata, gradescope_metadata, read_clue
from autograder.lms.roster import Roster, is_folder_name
from autograder.lms.worksheet import Participant, read_worksheet
from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain

_AT_ONCE = timedelta(minutes=10)
"""Times of a whole class within so little are those of the download."""
_NO_TIMES = (
    "All files are of one time, that of the download, so nothing says when they were handed in. "
    "From Moodle put the grading worksheet beside the zip."
)

Pattern = Callable[[str], Mapping[str, str | None] | None]
"""What a course's own pattern says of a file's path, as nbgrader's collector plugin returns it."""


@dataclass
class Collected:
    """What a collection did, or would do."""

    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Students of the roster without a submission, in this download or before."""

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return asdict(self)


def collect(
    assignment: Assignment,
    where: Path,
    roster: Roster,
    *,
    dry_run: bool = False,
    pattern: Pattern | None = None,
    zone: tzinfo | None = None,
    clock: Clock | None = None,
) -> Collected:
    """Collect what ``where`` holds of an assignment.

    A later hand-in takes the place of an earlier one, which is kept under ``.speechmark/``. With
    a roster a notebook goes to a student of it or nowhere; a group's goes to each member.

    Args:
        assignment: released.
        where: a folder, a zip, or one notebook.
        roster: the course's; may be empty.
        dry_run: change nothing.
        pattern: read paths with this instead of the layouts that are known.
        zone: of times that say none; default: this machine's.
        clock: how the exchange wrote times that lie in ``submitted/``; default: as nbgrader's does.

    Raises:
        SpeechmarkError: the assignment is not released, or ``where`` cannot be read.
    """
    release = notebooks.read(assignment.release_notebook)
    others = {a.name.casefold() for a in assignment.course.assignments()} - {assignment.name}
    found = Collected()
    hand_ins: list[HandIn] = []
    with Download(where, zone) as download:
        every = list(download.files())
        sources = _Sources(_metadata(every), _participants(every, zone))
        for file in every:
            if not file.name.casefold().endswith((".ipynb", ".zip")):
                continue
            entry = Entry(file.path)
            found.entries.append(entry)
            try:
                clue = _clue(file, assignment.name, sources.metadata, pattern)
                content = file.read()
                _check(clue, content, release, assignment.name, others)
            except SpeechmarkError as error:
                entry.why = str(error)
                continue
            entry.students, entry.why = sources.students(clue, roster)
            if entry.why:
                entry.done = "unknown"
                continue
            hand_ins.append(HandIn(entry, clue, file, content, sources.time(clue, file)))
    if _made_by_the_download(hand_ins):
        hand_ins = [replace(h, time=sources.time(h.clue, None)) for h in hand_ins]
        if not all(h.time for h in hand_ins):
            found.notes.append(_NO_TIMES)
    for hand_in in hand_ins:
        hand_in.entry.time = hand_in.time.isoformat() if hand_in.time else ""
    lay(assignment, hand_ins, dry_run=dry_run, clock=clock or Clock())
    there = {student for hand_in in hand_ins for student in hand_in.entry.students}
    submitted = assignment.course.root / "submitted"
    missing = (s.id for s in roster if not (submitted / s.id / assignment.name).is_dir())
    found.missing = [student for student in missing if student not in there]
    return found


@dataclass(frozen=True)
class _Sources:
    """Who handed in and when, by the system's own lists in the download."""

    metadata: Metadata
    participants: Mapping[str, Participant]

    def time(self, clue: Clue, file: File | None) -> datetime | None:
        """When a file was handed in; its own time is the last resort."""
        line = self._line(clue)
        return clue.time or (line.time if line else None) or (file.time if file else None)

    def students(self, clue: Clue, roster: Roster) -> tuple[list[str], str]:
        """The ids of all whose work a file is, and what stands in the way of saying so."""
        line = self._line(clue)
        known = tuple(filter(None, (line.email, line.name))) if line else ()
        found: list[str] = []
        for names in clue.people:
            names = known + names
            ids = _matching(names, clue, roster) if roster else [_made_up(names[0], clue)]
            if not ids:
                return [], f"nobody in students.csv is {plain(names[0], 60)!r}"
            if len(ids) > 1 and len({roster.get(id).group or id for id in ids}) > 1:
                return [], f"{plain(names[0], 60)!r} may be {' or '.join(ids)}"
            found += ids
        return list(dict.fromkeys(m for id in found for m in roster.members(id))), ""

    def _line(self, clue: Clue) -> Participant | None:
        return self.participants.get(clue.ids.get("moodle", ""))


def _matching(names: Sequence[str], clue: Clue, roster: Roster) -> list[str]:
    """The students that a system's number or one of the names means, or a group's members."""
    number = clue.ids.get(clue.system)
    ids = [s.id for s in roster if number and s.further.get(f"{clue.system}_id") == number]
    for name in names:
        ids = ids or roster.find(name) or roster.group(name)
    return ids


def _metadata(every: Iterable[File]) -> Metadata:
    for file in every:
        if file.name == "submission_metadata.yml":
            return gradescope_metadata(file.read())
    return {}


def _participants(every: Iterable[File], zone: tzinfo | None) -> Mapping[str, Participant]:
    found: dict[str, Participant] = {}
    for file in every:
        if file.name.casefold().endswith(".csv"):
            found |= read_worksheet(file.read(), zone) or {}
    return found


def _clue(file: File, assignment: str, metadata: Metadata, pattern: Pattern | None) -> Clue:
    """What the file's path says.

    Raises:
        SpeechmarkError: nothing.
    """
    clue = read_clue(file.parts, assignment, metadata)
    if pattern is not None:
        found = {name: text for name, text in (pattern(file.path) or {}).items() if text}
        both = " ".join(found[name] for name in ("first_name", "last_name") if name in found)
        people = tuple(filter(None, (found.get("email"), found.get("student_id"), both)))
        time = _in_utc(found["timestamp"]) if "timestamp" in found else None
        file_id = f"{found.get('file_id', assignment)}.ipynb"
        clue = Clue("pattern", (people,), file_id, {}, time) if people else None
    if clue is None or not clue.people:
        raise SpeechmarkError("its name does not say whose it is")
    return clue


def _in_utc(text: str) -> datetime:
    from nbgrader.utils import parse_utc

    return parse_utc(text).replace(tzinfo=UTC)  # type: ignore[no-any-return]


def _check(
    clue: Clue, content: bytes, release: notebooks.Notebook, name: str, others: set[str]
) -> None:
    """Refuse what is no notebook of this assignment.

    Raises:
        SpeechmarkError: it is none.
    """
    stem = own_stem(clue.file).casefold()
    if stem in others:
        raise SpeechmarkError(f"a notebook of {stem}")
    known = {id for cell in notebooks.cells_of(release) for id in _names(cell)}
    if not any(known & _names(cell) for cell in notebooks.cells_of(notebooks.read(content))):
        raise SpeechmarkError(f"no cell of it is a cell of {name}")


def _names(cell: notebooks.MarkedCell) -> set[str]:
    text = sha256(cell.source.strip().encode()).hexdigest()
    names = {cell.id, cell.marks.grade_id, text}
    return names - {"", sha256(b"").hexdigest()}


def _made_up(name: str, clue: Clue) -> str:
    """An id for someone of whom only a name is known, where there is no roster."""
    if is_folder_name(name) and clue.system in ("folder", "pattern"):
        return name
    local = name.partition("@")[0]
    id = "_".join("".join(c if c.isalnum() else " " for c in local).casefold().split())
    return id[:60] or "_".join((clue.system, *list(clue.ids.values())[:1]))


def _made_by_the_download(hand_ins: Sequence[HandIn]) -> bool:
    """Whether the files' times are those at which the system packed them."""
    times = [h.file.time for h in hand_ins if not h.clue.time and h.file.time]
    several = len({student for h in hand_ins for student in h.entry.students}) > 2
    packed = any(h.clue.system in ("moodle", "canvas") for h in hand_ins)
    return several and bool(times) and packed and max(times) - min(times) < _AT_ONCE
