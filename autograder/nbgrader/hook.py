"""What is done before stock ``nbgrader autograde`` touches a submission.

nbgrader copies a submission's files before any preprocessor runs, follows links while doing
so, and misreads some timestamps. The hook takes links away, rewrites a timestamp that
nbgrader would misread, and enters assignment, roster and extension into the gradebook.
"""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from traitlets.config import Config

from autograder.course.assignment import Course
from autograder.course.timestamps import Clock, handed_in
from autograder.lms.roster import read_roster
from autograder.support.errors import SpeechmarkError

Hook = Callable[..., None]


def prepare(course: Path, config: Config) -> Hook:
    """The hook for a course; ``config`` is read when it is called."""

    def hook(assignment: str, student: str, notebooks: Sequence[str]) -> None:
        from autograder.nbgrader.gradebook import gradebook, register
        from autograder.nbgrader.students import enter_students, grant_extension

        register(Course(course).assignment(assignment), config)
        if roster := read_roster(Path(course)):
            with gradebook(config) as book:
                enter_students(book, roster)
                grant_extension(book, assignment, student, roster)
        for folder in {Path(notebook).parent for notebook in notebooks}:
            tidy(folder, Clock.of(config))

    return hook


def tidy(folder: Path, clock: Clock) -> None:
    """Make a submission's folder safe to copy: regular files only, a timestamp nbgrader reads.

    A timestamp that says no time is put aside as ``timestamp.unreadable.txt``.
    """
    log = logging.getLogger("speechmark")
    if folder.is_symlink():
        log.warning("%s: a link instead of a folder; removed", folder)
        folder.unlink()
        return
    for path in list(folder.rglob("*")):
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            log.warning("%s: not a regular file; removed", path)
            path.unlink()
    stamp = folder / "timestamp.txt"
    try:
        time = handed_in(folder, clock)
    except SpeechmarkError as error:
        log.warning("%s: %s; graded without a timestamp", folder, error)
        stamp.rename(folder / "timestamp.unreadable.txt")
        return
    if time is not None and stamp.read_text().strip() != time.isoformat():
        stamp.unlink()
        stamp.write_text(time.isoformat())
