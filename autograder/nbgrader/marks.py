"""What the gradebook holds of each student's submission, manual grading and lateness included."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from autograder.course.assignment import Assignment
from autograder.lms.marks import Mark, Marks
from autograder.nbgrader.config import course_config, has_gradebook
from autograder.notebooks import part_of

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


def read_marks(assignment: Assignment) -> dict[str, Marks]:
    """Student to marks, of all whose submission the gradebook holds; none if there is no gradebook.

    Raises:
        SpeechmarkError: the gradebook cannot be opened.
    """
    config = course_config(assignment.course.root)
    if not has_gradebook(config):
        return {}
    from autograder.nbgrader.gradebook import gradebook  # takes a second to load

    with gradebook(config) as book:
        return marks_in(book, assignment.name)


def marks_in(book: Gradebook, assignment: str) -> dict[str, Marks]:
    """:func:`read_marks` of an open gradebook."""
    from nbgrader.api import MissingEntry

    try:
        submissions = book.find_assignment(assignment).submissions
    except MissingEntry:
        return {}
    return {s.student.id: _marks(s) for s in submissions if s.notebooks}


def marks_of(book: Gradebook, assignment: str, student: str) -> Marks | None:
    """One student's marks; None if the gradebook has no submission."""
    from nbgrader.api import MissingEntry

    try:
        submission = book.find_submission(assignment, student)
    except MissingEntry:
        return None
    return _marks(submission) if submission.notebooks else None


def _marks(submission: Any) -> Marks:
    (notebook, *_) = submission.notebooks
    comments = {
        part_of(comment.name): (comment.manual_comment or "").strip()
        for comment in notebook.comments
    }
    due = submission.duedate if submission.assignment.duedate else None
    return Marks(
        parts={grade.name: _mark(grade, comments) for grade in _in_order(notebook)},
        penalty=notebook.late_submission_penalty or 0.0,
        handed_in=_aware(submission.timestamp),
        due=_aware(due),
    )


def _in_order(notebook: Any) -> list[Any]:
    """The grades in the order of the notebook's cells."""
    places = {cell.name: place for place, cell in enumerate(notebook.notebook.source_cells)}
    return sorted(notebook.grades, key=lambda grade: places.get(grade.name, len(places)))


def _mark(grade: Any, comments: dict[str, str]) -> Mark:
    return Mark(
        points=grade.score or 0.0,
        max_score=grade.max_score,
        waiting=grade.needs_manual_grade,
        written=grade.cell.cell_type != "code",
        by_hand=grade.manual_score is not None,
        comment=comments.get(grade.name, ""),
    )


def _aware(time: datetime | None) -> datetime | None:
    """nbgrader's time, which is naive and in UTC, with its zone."""
    return None if time is None else time.replace(tzinfo=UTC)
