"""nbgrader's gradebook: opening it, and the assignment's place in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbformat import from_dict
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import autograde
from nbgrader.preprocessors import SaveCells, latesubmissions, saveautogrades
from traitlets.config import Config

from autograder.course.assignment import Assignment
from autograder.notebooks import Notebook, cells_of, read
from autograder.support.errors import SpeechmarkError

_OPENERS: tuple[Any, ...] = (autograde, latesubmissions, saveautogrades)
"""Modules of nbgrader that open the gradebook while they autograde."""

LOG = logging.getLogger("speechmark.nbgrader")
LOG.propagate = False
LOG.addHandler(logging.NullHandler())


@contextmanager
def gradebook(config: Config) -> Iterator[Gradebook]:
    """The course's gradebook, made if there is none.

    Raises:
        SpeechmarkError: the database cannot be opened.
    """
    from sqlalchemy.exc import SQLAlchemyError

    settings = config.CourseDirectory
    try:
        book = Gradebook(settings.db_url, settings.course_id)
    except SQLAlchemyError as error:
        why = str(error).strip().splitlines()[0]
        raise SpeechmarkError(f"The gradebook cannot be opened: {why}") from error
    except ModuleNotFoundError as error:
        raise SpeechmarkError(
            f"The gradebook cannot be opened: no Python module {error.name!r}. For PostgreSQL: "
            "pip install 'speechmark[postgresql]', and an address postgresql+psycopg://..."
        ) from error
    with book:
        yield book


@contextmanager
def one_transaction(book: Gradebook) -> Iterator[None]:
    """Let nbgrader's Autograde work on ``book`` as it is open, in a single transaction.

    nbgrader opens the gradebook nine times for a submission and commits every cell on its own.
    Within this block it gets ``book`` each time, and all is committed at the end of the block
    or nothing is, so that an interrupted submission never leaves half of its grades.
    """
    session = book.db

    def flush() -> None:
        session.flush()
        session.expire_all()

    borrowed = _Borrowed(book)
    commit, session.commit = session.commit, flush
    for module in _OPENERS:
        module.Gradebook = lambda *_, **__: borrowed
    try:
        yield
        commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.commit = commit
        for module in _OPENERS:
            module.Gradebook = Gradebook


class _Borrowed:
    """An open gradebook that is not closed by those it is lent to."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)

    def __enter__(self) -> Gradebook:
        return self._book

    def __exit__(self, *_: object) -> None:
        pass


def register(assignment: Assignment, config: Config) -> None:
    """Enter the released assignment into the gradebook, as ``generate_assignment`` does.

    Nothing is written if it is there already, as released.

    Raises:
        SpeechmarkError: it is not released, or was released anew with other cells after
            submissions had been graded.
    """
    release, name = read(assignment.release_notebook), assignment.name
    with gradebook(config) as book:
        if _registered(book, name) == _cells(release):
            return
        book.update_or_create_assignment(name)
    names = {"notebook": name, "assignment": name, "db_url": config.CourseDirectory.db_url}
    try:
        SaveCells(log=LOG).preprocess(from_dict(release), {"nbgrader": names})
    except RuntimeError as error:
        raise SpeechmarkError(
            f"The release of {name!r} has other cells than the gradebook, which holds "
            f"graded submissions of it. Start a new gradebook or a new assignment ({error})."
        ) from error


def _registered(book: Gradebook, assignment: str) -> dict[str, Any]:
    try:
        notebook = book.find_notebook(assignment, assignment)
    except MissingEntry:
        return {}
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    return {c.name: (c.checksum, points.get(c.name)) for c in notebook.source_cells}


def _cells(release: Notebook) -> dict[str, Any]:
    marked = [cell.marks for cell in cells_of(release)]
    return {
        marks.grade_id: (marks.checksum, marks.points if marks.grade else None)
        for marks in marked
        if marks.grade or marks.solution or marks.locked
    }
