"""The roster in the gradebook: names and addresses, and what was granted to whom."""

from __future__ import annotations

from nbgrader.api import Gradebook, MissingEntry

from autograder.lms.roster import Roster


def enter_students(book: Gradebook, roster: Roster) -> list[str]:
    """Make the gradebook's students those of the roster, by name and address too.

    Nobody is removed, since grades would go along.

    Returns:
        Ids that the gradebook has and the roster has not; empty without a roster.
    """
    held = {student.id: student for student in book.students}
    for student in roster:
        known = {name: getattr(student, name) or None for name in _FIELDS}
        there = held.get(student.id)
        if there is None or any(getattr(there, name) != known[name] for name in _FIELDS):
            book.update_or_create_student(student.id, **known)
    return [id for id in held if id not in roster] if roster else []


_FIELDS = ("first_name", "last_name", "email")


def grant_extension(book: Gradebook, assignment: str, student: str, roster: Roster) -> None:
    """Give a student's submission the extension of the roster, which has the last word.

    Where the assignment has no due date nothing can be extended, and a student whom no roster
    names keeps what was granted in the gradebook.
    """
    if student not in roster:
        return
    try:
        due = book.find_assignment(assignment).duedate
        extension = roster.get(student).extension(assignment) if due else None
        submission = book.update_or_create_submission(assignment, student)
    except MissingEntry:
        return
    if submission.extension != extension:
        submission.extension = extension
        book.db.commit()
