"""Writing results into nbgrader for a whole class, in one process and one student at a time.

nbgrader's own ``Autograde`` does the work; it is handed safe copies of the submissions and
results that exist already, so a submission costs only nbgrader's bookkeeping.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbconvert.writers import FilesWriter
from nbformat import from_dict
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from autograder.course.assignment import Assignment
from autograder.course.releases import Releases
from autograder.course.results import SubmissionResult
from autograder.course.timestamps import Clock, handed_in
from autograder.lms.roster import Roster, read_roster
from autograder.nbgrader.config import course_config
from autograder.nbgrader.gradebook import LOG, gradebook, one_transaction, register
from autograder.nbgrader.manual import Looked, share_marks
from autograder.nbgrader.preprocessors import check_graded
from autograder.nbgrader.students import enter_students, grant_extension
from autograder.notebooks import Notebook, read
from autograder.support import files
from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain

_STAGE, _ASIDE = "nbgrader-", "before"
"""Prefix of the folder of a pass, and the folder in it for what is being replaced."""
_NOTHING = from_dict({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@dataclass
class Written:
    """How writing a class into nbgrader went; student to message."""

    problems: dict[str, str] = field(default_factory=dict)
    """Not written: the grade stays what it was."""
    notices: dict[str, str] = field(default_factory=dict)
    """Written, and something about the submission to know."""


def autograde(
    assignment: Assignment,
    results: Iterable[SubmissionResult],
    *,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Written:
    """Write results into the gradebook and ``autograded/``, as ``nbgrader autograde`` would.

    The submission of a result is ``submitted/<result.name>/<assignment>/<assignment>.ipynb``.
    Of one whose result, answers and timestamp are what nbgrader holds already the files are left
    alone. Manual scores stay, and nbgrader reckons every late penalty anew: due date, extension
    or method may be others. No submission stops the others; one pass over a course waits for the
    other. A result that is the grader's own fault is not written.

    Args:
        assignment: released.
        results: one for each student.
        force: write what is unchanged too.
        progress: called with a student's name when that student is done.

    Raises:
        SpeechmarkError: the assignment is not released, the gradebook cannot be opened, or it
            holds grades of a release with other cells.
    """
    course = assignment.course.root
    config = course_config(course)
    register(assignment, config)
    assignment.course.state.mkdir(exist_ok=True)
    written = Written()
    state = assignment.course.state
    with (
        files.locked(state / "nbgrader.lock"),
        tempfile.TemporaryDirectory(prefix=_STAGE, dir=state) as folder,
        gradebook(config) as book,
    ):
        roster = read_roster(course)
        enter_students(book, roster)
        stage = _Stage(assignment, Path(folder), config, book, roster)
        stage.recover()
        for result in results:
            try:
                check_graded(result)
                notice = stage.write(result, force)
                if notice:
                    written.notices[result.name] = notice
            except SpeechmarkError as error:
                written.problems[result.name] = str(error)
            except SQLAlchemyError as error:
                written.problems[result.name] = f"the gradebook failed: {error}"
            except Exception as error:
                written.problems[result.name] = f"nbgrader failed: {error!r}"
            if progress:
                progress(result.name)
        share_marks(book, assignment.name, roster, course / "autograded")
    return written


def export_csv(assignment: Assignment, path: Path) -> None:
    """Write the grades of one assignment as ``nbgrader export`` does.

    Raises:
        SpeechmarkError: the gradebook cannot be opened.
    """
    with gradebook(course_config(assignment.course.root)) as book:
        CsvExportPlugin(to=str(path), assignment=[assignment.name], log=LOG).export(book)


class _Stage:
    """Safe copies of submissions in a folder of our own, and nbgrader's Autograde over them."""

    def __init__(
        self,
        assignment: Assignment,
        folder: Path,
        config: Config,
        book: Gradebook,
        roster: Roster,
    ) -> None:
        self._roster = roster
        self._clock = Clock.of(config)
        self._course = assignment.course.root
        self._name = assignment.name
        self._releases = Releases(assignment)
        self._folder = folder
        self._state = assignment.course.state / "nbgrader" / assignment.name
        self._results: dict[str, SubmissionResult] = {}
        self._book = book
        config = Config(config)
        config.CourseDirectory.submitted_directory = folder.relative_to(self._course).as_posix()
        config.Autograde.pre_convert_hook = None
        config.InjectResults.provider = lambda course, assignment, notebook, name: self._results[
            name
        ]
        self._coursedir = CourseDirectory(config=config, log=LOG)
        self._coursedir.assignment_id = assignment.name
        self._converter = Autograde(coursedir=self._coursedir, config=config, log=LOG)
        self._converter.writer = FilesWriter(config=config, log=LOG)
        self._converter.exporter = self._converter.exporter_class(
            parent=self._converter, config=self._converter.config
        )

    def write(self, result: SubmissionResult, force: bool) -> str:
        """Have nbgrader take in one submission with its result; returns a notice, mostly empty."""
        student = result.name
        if student != Path(student).name or student.startswith(".") or not student.isprintable():
            raise SpeechmarkError(f"{plain(student)!r} cannot be the name of a student's folder")
        submitted = self._course / "submitted" / student / self._name
        if submitted.is_symlink() or submitted.parent.is_symlink():
            raise SpeechmarkError(f"{submitted} is a link; a folder is needed")
        notebook = self._releases.rebuilt(read(submitted / f"{self._name}.ipynb")).notebook
        notice, time = "", None
        try:
            time = handed_in(submitted, self._clock)
        except SpeechmarkError as error:
            notice = f"{error}; graded as if there were none"
        fingerprint = _fingerprint(notebook, result, time)
        mark = self._state / student
        final = self._final(student)
        if not force and self._is_written(result, final, mark, fingerprint):
            self._reckon_lateness(student)
            return notice
        staged = self._folder / student / self._name
        staged.mkdir(parents=True)
        content = json.dumps(notebook, ensure_ascii=False)
        (staged / f"{self._name}.ipynb").write_text(content, encoding="utf-8")
        if time:
            (staged / "timestamp.txt").write_text(time.isoformat())
        self._results[student] = result
        aside = self._folder / _ASIDE / student
        with _restored_on_failure(final, aside), one_transaction(self._book):
            looked_at = Looked.at(self._book, self._name, student, aside)
            self._convert(student, staged / f"{self._name}.ipynb", time)
            looked_at.keep(self._book, final)
        files.write(mark, fingerprint.encode())
        shutil.rmtree(staged.parent)
        return notice

    def _reckon_lateness(self, student: str) -> None:
        """Have nbgrader reckon the penalty of what is written already, by what holds now."""
        names = {"notebook": self._name, "assignment": self._name, "student": student}
        resources = {"nbgrader": {**names, "db_url": self._coursedir.db_url}}
        with one_transaction(self._book):
            grant_extension(self._book, self._name, student, self._roster)
            AssignLatePenalties(parent=self._converter, log=LOG).preprocess(_NOTHING, resources)

    def recover(self) -> None:
        """Put back what a pass that was killed had put aside, and remove what else it left."""
        for left in self._folder.parent.glob(f"{_STAGE}*"):
            if left == self._folder:
                continue
            for aside in left.glob(f"{_ASIDE}/*"):
                final = self._final(aside.name)
                if not final.exists():
                    final.parent.mkdir(parents=True, exist_ok=True)
                    aside.rename(final)
            shutil.rmtree(left, ignore_errors=True)

    def _final(self, student: str) -> Path:
        """Where nbgrader keeps the autograded submission of a student."""
        folder = self._coursedir.autograded_directory
        return Path(self._coursedir.format_path(folder, student, self._name))

    def _convert(self, student: str, path: Path, time: datetime | None) -> None:
        converter = self._converter
        converter.notebooks = [str(path)]
        converter.init_assignment(self._name, student)
        if time is None:
            self._book.update_or_create_submission(self._name, student, timestamp=None)
        grant_extension(self._book, self._name, student, self._roster)
        converter.convert_single_notebook(str(path))
        converter.set_permissions(self._name, student)

    def _is_written(
        self, result: SubmissionResult, final: Path, mark: Path, fingerprint: str
    ) -> bool:
        """Whether files and gradebook hold this result already."""
        if not (mark.is_file() and (final / f"{self._name}.ipynb").is_file()):
            return False
        if mark.read_text() != fingerprint:
            return False
        try:
            held = self._book.find_submission_notebook(self._name, self._name, result.name)
        except MissingEntry:
            return False
        scores = {g.name: g.auto_score for g in held.grades if g.cell.cell_type == "code"}
        return scores == {part.id: part.score for part in result.parts}


@contextmanager
def _restored_on_failure(folder: Path, aside: Path) -> Iterator[None]:
    """Put ``folder`` aside while the block makes it anew; back if the block fails."""
    if folder.exists():
        aside.parent.mkdir(exist_ok=True)
        folder.rename(aside)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if aside.exists():
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _fingerprint(notebook: Notebook, result: SubmissionResult, time: datetime | None) -> str:
    """Hash of all that nbgrader is given of a submission: notebook, parts, repairs, time."""
    parts = [part.model_dump(exclude={"tests": {"__all__": {"seconds"}}}) for part in result.parts]
    given: list[Any] = [notebook, parts, result.repairs, str(time)]
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
