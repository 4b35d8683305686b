"""Grades in the forms that course systems import.

Each form is the one that its importer describes: Moodle's grading worksheet ("Upload grading
worksheet"), Canvas's gradebook ("Import grades"), a table for Google Sheets as Classroom exports
one, and a plain table. Where the system's own export is given, its rows and columns are kept and
only grades are filled in, whatever else it holds. A grade that waits for a person is not sent.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autograder.lms import worksheet
from autograder.lms.marks import Marks
from autograder.lms.roster import Roster, Student
from autograder.support import tables
from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain, spreadsheet_cell
from autograder.support.words import number

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
GOOGLE = ("Last Name", "First Name", "Email Address")
SYSTEMS = ("canvas", "moodle", "gradescope", "google", "csv")


@dataclass(frozen=True)
class Line:
    """A student, what the gradebook holds, and under what number the work was collected."""

    student: Student
    marks: Marks
    ids: Mapping[str, Any]

    @property
    def grade(self) -> str:
        """The total; empty as long as a part waits for a person."""
        return "" if self.marks.total is None else number(self.marks.total)

    @property
    def comment(self) -> str:
        """What persons wrote, part by part."""
        said = ((part, mark.comment) for part, mark in self.marks.parts.items() if mark.comment)
        return "\n".join(f"{part}: {comment}" for part, comment in said)

    def number(self, system: str) -> str:
        """The student's number in a system, from the roster or from the name of the download."""
        known = self.student.further.get(f"{system}_id")
        return known or str(self.ids.get(system, ""))


def as_csv(lines: Sequence[Line], roster: Roster) -> str:
    """Everything that is known, one row per student, those without a submission too."""
    parts = list(dict.fromkeys(part for line in lines for part in line.marks.parts))
    head = ["id", "last_name", "first_name", "email", "group", *parts]
    rows = [[*head, "penalty", "total", "max", "handed_in", "late_hours", "waiting"]]
    there = {line.student.id: line for line in lines}
    for student in (*(s for s in roster if s.id not in there), *(line.student for line in lines)):
        who = (student.id, student.last_name, student.first_name, student.email, student.group)
        line = there.get(student.id)
        marks = line.marks if line else Marks()
        known = {part: number(mark.points) for part, mark in marks.parts.items()}
        rows.append(
            [
                *map(spreadsheet_cell, who),
                *("" if part in marks.waiting else known.get(part, "") for part in parts),
                number(marks.penalty) if line else "",
                line.grade if line else "",
                number(marks.max_score) if line else "",
                marks.handed_in.isoformat() if marks.handed_in else "",
                f"{marks.late.total_seconds() / 3600:.2f}" if marks.late else "",
                " ".join(marks.waiting),
            ]
        )
    return _written([rows[0], *sorted(rows[1:])])


def for_moodle(lines: Sequence[Line], now: datetime) -> str:
    """Moodle's grading worksheet: numbers of participants, grades, comments.

    ``now`` says that the grades are newer than those that Moodle has.

    Raises:
        SpeechmarkError: no participant's number is known.
    """
    known = [line for line in lines if line.number("moodle")]
    if lines and not known:
        raise SpeechmarkError(
            "No participant's number is known. Collect Moodle's own zip of submissions first, or "
            "name the grading worksheet that Moodle offers for download: --into worksheet.csv"
        )
    time = now.strftime("%A, %d %B %Y, %I:%M %p")
    rows = [
        [
            f"Participant {line.number('moodle')}",
            line.student.name,
            line.student.email,
            line.grade,
            number(line.marks.max_score),
            time,
            line.comment,
        ]
        for line in known
    ]
    head = [worksheet.IDENTIFIER, worksheet.NAME, worksheet.EMAIL, worksheet.GRADE]
    return _written([[*head, "Maximum grade", worksheet.GRADED, worksheet.FEEDBACK], *rows])


def for_canvas(lines: Sequence[Line], title: str) -> str:
    """Canvas's gradebook with one assignment. Where no such column is there Canvas offers to make
    one; ``Title (123)``, as Canvas exports it, means that one."""
    points = max((line.marks.max_score for line in lines), default=0.0)
    rows = [
        [
            f"{line.student.last_name}, {line.student.first_name}".strip(", ") or line.student.id,
            line.number("canvas"),
            line.student.further.get("sis_user_id", ""),
            line.student.further.get("sis_login_id", ""),
            line.student.further.get("section", ""),
            line.grade,
        ]
        for line in lines
    ]
    possible = ["    Points Possible", "", "", "", "", number(points)]
    return _written([[*CANVAS, title], possible, *rows])


def for_google(lines: Sequence[Line], title: str) -> str:
    """The columns in which Classroom exports grades to Sheets. Classroom itself imports none."""
    rows = [
        [line.student.last_name, line.student.first_name, line.student.email, line.grade]
        for line in lines
    ]
    return _written([[*GOOGLE, title], *rows])


def filled(
    text: str,
    lines: Sequence[Line],
    system: str,
    title: str,
    now: datetime,
    others: Sequence[Line] = (),
) -> tuple[str, list[str]]:
    """A system's own export with grades filled in, and the names of rows that are nobody's here.

    Args:
        text: the file.
        lines: what to fill in; other rows are left out.
        system: ``moodle``, ``canvas`` or ``google``.
        title: of Canvas's or Google's column, or how it begins.
        now: for Moodle, as in :func:`for_moodle`.
        others: students whose rows are left out too, but are known.

    Raises:
        SpeechmarkError: the file lacks a column that is needed.
    """
    rows = [row for _, row in tables.rows(text)]
    head = [cell.strip() for cell in rows[0]] if rows else []
    column = worksheet.GRADE if system == "moodle" else _column(head, title)
    if column not in head or not _keys(system) & set(head):
        raise SpeechmarkError(
            f"The file has no column {plain(column or title)!r} beside "
            f"{' or '.join(sorted(_keys(system)))}. It has: {plain(', '.join(head), 300)}"
        )
    whose, elsewhere = _finder(lines, system), _finder(others, system)
    kept, strangers = [rows[0]], []
    for row in rows[1:]:
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        if "Points Possible" in cells.get("Student", ""):
            kept.append(row)
            continue
        line = whose(cells)
        if line is None and elsewhere(cells):
            continue
        if line is None:
            strangers.append(cells.get("Student") or cells.get(worksheet.NAME) or row[0])
            continue
        cells = {column: line.grade}
        if system == "moodle":
            cells |= {worksheet.GRADED: now.strftime("%A, %d %B %Y, %I:%M %p")}
            cells |= {worksheet.FEEDBACK: line.comment} if line.comment else {}
        kept.append([cells.get(title, cell) for title, cell in zip(head, row, strict=False)])
    return _written(kept, raw=True), strangers


def most_of(text: str, system: str, title: str) -> float | None:
    """The most points that a system's own export allows for; None where it does not say.

    Args:
        text: the file.
        system: ``moodle`` or ``canvas``.
        title: of Canvas's column, or how it begins.
    """
    head, *rest = [row for _, row in tables.rows(text)]
    head = [cell.strip().lower() for cell in head]
    if system == "moodle":
        column, rows = "maximum grade", rest[:1]
    else:
        column = _column(head, title.lower())
        rows = [row for row in rest if any("Points Possible" in cell for cell in row)]
    try:
        return float(rows[0][head.index(column)])
    except (ValueError, IndexError):
        return None


def _column(head: Iterable[str], title: str) -> str:
    """The column of an assignment: of that title, or of that title with the system's number."""
    named = [cell for cell in head if cell == title or cell.startswith(f"{title} (")]
    return named[0] if named else title


def _keys(system: str) -> set[str]:
    """Columns of which one must be there to tell whose a row is."""
    return {
        "moodle": {worksheet.IDENTIFIER, worksheet.EMAIL},
        "canvas": {"ID", "SIS Login ID", "SIS User ID", "Student"},
        "google": {"Email Address"},
    }[system]


def _finder(lines: Sequence[Line], system: str) -> Callable[[Mapping[str, str]], Line | None]:
    numbers = {line.number(system): line for line in lines if line.number(system)}
    ids = {line.student.id: line for line in lines}
    roster = Roster({line.student.id: line.student for line in lines})

    def find(cells: Mapping[str, str]) -> Line | None:
        number = worksheet.number(cells.get(worksheet.IDENTIFIER, "")) or cells.get("ID", "")
        if number in numbers:
            return numbers[number]
        titles = (worksheet.EMAIL, "Email Address", "SIS Login ID", "SIS User ID",
                  worksheet.NAME, "Student")  # fmt: skip
        for title in titles:
            found = roster.find(cells[title]) if cells.get(title) else []
            if len(found) == 1:
                return ids[found[0]]
        return None

    return find


def _written(rows: Iterable[Sequence[str]], *, raw: bool = False) -> str:
    """CSV of ``rows``; a cell is no formula, but for those that are a system's own (``raw``)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row if raw else [_cell(cell) for cell in row])
    return out.getvalue()


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; a comment keeps its lines."""
    if "\n" in text:
        return "\n".join(_cell(line) for line in text.split("\n"))
    if text.startswith("    Points Possible"):
        return text
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
