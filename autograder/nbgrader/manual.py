"""Marks by hand that need no second look, because what they are about has not changed.

nbgrader asks for every manual mark to be reviewed whenever a submission is graded anew, be it
for a due date alone. The members of a group get the marks that one of them was given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.lms.roster import Roster
from autograder.notebooks import cells_of, read
from autograder.support.errors import SpeechmarkError


@dataclass(frozen=True)
class Looked:
    """What a person had looked at in a submission before it was graded anew."""

    assignment: str
    student: str
    answers: Mapping[str, str]
    """Source of each cell of the autograded notebook, by name."""
    settled: Mapping[str, float | None]
    """Cell marked by hand to the automatic score beside it."""

    @classmethod
    def at(cls, book: Gradebook, assignment: str, student: str, folder: Path) -> Looked:
        """The state before; ``folder`` holds the autograded notebook, if there is one."""
        settled = {
            grade.name: grade.auto_score
            for grade in _grades(book, assignment, student)
            if grade.manual_score is not None and not grade.needs_manual_grade
        }
        return cls(assignment, student, _answers(folder / f"{assignment}.ipynb"), settled)

    def keep(self, book: Gradebook, folder: Path) -> None:
        """Settle the marks again whose cell and automatic score are as they were."""
        if not self.settled:
            return
        now = _answers(folder / f"{self.assignment}.ipynb")
        for grade in _grades(book, self.assignment, self.student):
            name = grade.name
            if name not in self.settled or self.settled[name] != grade.auto_score:
                continue
            if grade.cell.cell_type == "code" or self.answers.get(name) == now.get(name):
                grade.needs_manual_grade = False
        book.db.commit()


def share_marks(book: Gradebook, assignment: str, roster: Roster, autograded: Path) -> list[str]:
    """Give the members of a group the marks and comments that one of them got for the same work.

    A mark that somebody set for a member stays.

    Args:
        book: the gradebook.
        assignment: its name.
        roster: who is in a group.
        autograded: nbgrader's folder of that name.

    Returns:
        The ids of those who were given any.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for student in roster:
        if student.group:
            groups[student.group].append(student.id)
    given = []
    for members in groups.values():
        works: dict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
        for id in members:
            path = autograded / id / assignment / f"{assignment}.ipynb"
            if answers := _answers(path):
                works[frozenset(answers.items())].append(id)
        for same in works.values():
            given += _shared(book, assignment, same)
    book.db.commit()
    return given


def _shared(book: Gradebook, assignment: str, students: list[str]) -> list[str]:
    """Copy what is marked for one of ``students``, whose work is the same, to those who wait."""
    rows = {id: {g.name: g for g in _grades(book, assignment, id)} for id in students}
    given = []
    for name in {name for row in rows.values() for name in row}:
        grades = {id: row[name] for id, row in rows.items() if name in row}
        marked = [(i, g) for i, g in grades.items() if g.manual_score is not None]
        source = next(((i, g) for i, g in marked if not g.needs_manual_grade), None)
        if source is None:
            continue
        for id, grade in grades.items():
            if grade.needs_manual_grade and grade.manual_score is None:
                grade.manual_score = source[1].manual_score
                grade.extra_credit = source[1].extra_credit
                grade.needs_manual_grade = False
                _copy_comment(book, assignment, name, source[0], id)
                given.append(id)
    return list(dict.fromkeys(given))


def _copy_comment(book: Gradebook, assignment: str, name: str, source: str, to: str) -> None:
    with suppress(MissingEntry):
        said = book.find_comment(name, assignment, assignment, source).manual_comment
        comment = book.find_comment(name, assignment, assignment, to)
        comment.manual_comment = comment.manual_comment or said


def _grades(book: Gradebook, assignment: str, student: str) -> list[Any]:
    try:
        return list(book.find_submission_notebook(assignment, assignment, student).grades)
    except MissingEntry:
        return []


def _answers(path: Path) -> dict[str, str]:
    """Name to source of the cells that are marked; empty if there is no notebook."""
    try:
        cells = list(cells_of(read(path, slack=2)))
    except SpeechmarkError:
        return {}
    return {cell.marks.grade_id: cell.source for cell in cells if cell.marks.grade_id}
