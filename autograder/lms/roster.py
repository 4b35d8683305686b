"""Who is in the course: ``students.csv`` at its root, and whose name a download means.

The file has a header row and the columns ``id`` (the folder in ``submitted/``), ``first_name``,
``last_name``, ``email``, ``group`` and ``extension``; all but the first may be missing or empty.
Further columns are kept for exports (:data:`FURTHER`). Light to import.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from autograder.support import tables
from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain

FILE = "students.csv"
FURTHER = ("canvas_id", "sis_user_id", "sis_login_id", "section", "moodle_id", "gradescope_sid")
"""Columns of a roster that only an export reads."""

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "w": "weeks"}


@dataclass(frozen=True)
class Student:
    """A row of the roster."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    group: str = ""
    extensions: Mapping[str, timedelta] = field(default_factory=dict)
    """Assignment to the time granted beyond its due date; ``""``: every other assignment."""
    further: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name, else the id."""
        return f"{self.first_name} {self.last_name}".strip() or self.id

    def extension(self, assignment: str) -> timedelta | None:
        """What is granted for an assignment; None if nothing is."""
        return self.extensions.get(assignment, self.extensions.get(""))


class Roster:
    """The students of a course, in the order of the file; empty where there is none."""

    def __init__(self, students: Mapping[str, Student]) -> None:
        self._students = dict(students)

    def __iter__(self) -> Iterator[Student]:
        return iter(self._students.values())

    def __len__(self) -> int:
        return len(self._students)

    def __contains__(self, id: object) -> bool:
        return id in self._students

    def get(self, id: str) -> Student:
        """The student of that id; one without a name if the roster does not know it."""
        return self._students.get(id) or Student(id)

    @property
    def names(self) -> dict[str, str]:
        """Id to name, of those that have one."""
        return {s.id: s.name for s in self if s.name != s.id}

    def shown(self, id: str) -> str:
        """A student's name, fit to print; with the id where several bear the name."""
        name = self.get(id).name
        return plain(f"{name} ({id})" if self._names[name] > 1 else name) or "(no name)"

    def members(self, id: str) -> list[str]:
        """The ids of a student's group, the student's own first; alone without a group."""
        group = self.get(id).group
        others = [s.id for s in self if group and s.group == group and s.id != id]
        return [id, *others]

    def group(self, name: str) -> list[str]:
        """The ids of the members of a group."""
        return [s.id for s in self if s.group and key(s.group) == key(name)]

    def find(self, who: str) -> list[str]:
        """The ids that ``who`` may mean: an id, an email address, or a name in either order.

        An exact id or address is that student's alone; spelling, accents and punctuation of a
        name do not matter. Several ids are an ambiguity for a person to settle.
        """
        exact = self._exact.get(who.strip().casefold(), [])
        return exact or self._keys.get(key(who), [])

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(student.name for student in self)

    @cached_property
    def _exact(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for student in self:
            for text in {student.id.casefold(), student.email.casefold()} - {""}:
                found[text].append(student.id)
        return found

    @cached_property
    def _keys(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for s in self:
            names = (s.first_name + s.last_name, s.last_name + s.first_name)
            spelt = {key(text) for text in (s.id, s.email.partition("@")[0], *names)} - {""}
            for text in spelt:
                found[text].append(s.id)
        return found


def key(text: str) -> str:
    """``text`` without case, accents, spaces and punctuation: ``Doë, Jane`` is ``doejane``."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in folded if char.isalnum())


def read_roster(root: Path) -> Roster:
    """The roster of the course in the folder ``root``; an empty one if it has no file.

    Raises:
        SpeechmarkError: the file cannot be read, has no column ``id``, an id that is there twice
            or cannot name a folder, or an extension that is no time.
    """
    path = root / FILE
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Roster({})
    except (OSError, UnicodeDecodeError) as error:
        raise SpeechmarkError(f"{path}: {error}. Save it as CSV in UTF-8.") from error
    separator = max(",;\t", key=(text.splitlines() or [""])[0].count)
    try:
        (_, head), *rest = tables.rows(text, separator) or [(0, [])]
    except SpeechmarkError as error:
        raise SpeechmarkError(f"{path}: {error}") from None
    titles = [title.strip().casefold() for title in head]
    if "id" not in titles:
        raise SpeechmarkError(
            f"{path}: no column id. The first line must name the columns: "
            "id,first_name,last_name,email,group,extension"
        )
    students: dict[str, Student] = {}
    for line, row in rest:
        cells = dict(zip(titles, [*map(str.strip, row), *[""] * len(titles)], strict=False))
        if not any(cells.values()):
            continue
        try:
            student = _student(cells)
            if student.id in students:
                raise SpeechmarkError(f"the id {plain(student.id)!r} is there twice")
        except SpeechmarkError as error:
            raise SpeechmarkError(f"{path}, line {line}: {error}") from None
        students[student.id] = student
    return Roster(students)


def _student(cells: Mapping[str, str]) -> Student:
    id = cells["id"]
    if not is_folder_name(id):
        raise SpeechmarkError(f"{plain(id)!r} cannot be the name of a student's folder")
    return Student(
        id=id,
        **{name: cells.get(name, "") for name in ("first_name", "last_name", "email", "group")},
        extensions=parse_extensions(cells.get("extension", "")),
        further={name: cells[name] for name in FURTHER if cells.get(name)},
    )


def is_folder_name(id: str) -> bool:
    """Whether a student of that id can have a folder in ``submitted/``."""
    plainly = id == Path(id).name and id.isprintable() and not id.startswith(".")
    return bool(id) and plainly and "\\" not in id and len(id.encode()) <= 200


def parse_extensions(text: str) -> dict[str, timedelta]:
    """``2d``, ``36h`` or ``homework1: 2d; homework2: 1w 12h`` as assignment to time.

    Raises:
        SpeechmarkError: a time is none.
    """
    found = {}
    for item in filter(None, map(str.strip, text.split(";"))):
        name, _, spent = item.rpartition(":")
        pieces = re.findall(r"(\d+(?:\.\d+)?)\s*([wdhm])(?![a-z])", spent.casefold())
        if not pieces or re.sub(r"[\d.\swdhm]", "", spent.casefold()):
            raise SpeechmarkError(
                f"the extension {plain(item, 40)!r} is no time; write 2d, 36h or "
                "assignment: 2d; another: 1w"
            )
        try:
            spans = [timedelta(**{_UNITS[unit]: float(count)}) for count, unit in pieces]
            found[name.strip()] = sum(spans, timedelta())
        except OverflowError:
            raise SpeechmarkError(f"the extension {plain(item, 40)!r} is too long") from None
    return found
