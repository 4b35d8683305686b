"""Finished results on disk, one file each, named by the key of what they depend on.

A result is found again exactly when nothing that decides it has changed, so grading the
same class twice costs nothing, and identical submissions are graded once.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.assignment import Assignment
from autograder.support import files

if TYPE_CHECKING:
    from autograder.course.results import SubmissionResult


class Store:
    """The results of one assignment, under the course's state folder."""

    def __init__(self, assignment: Assignment) -> None:
        self._folder = assignment.course.state / "results" / assignment.name

    def has(self, key: str) -> bool:
        """Whether there is a result of that key."""
        return self._path(key).is_file()

    def load(self, key: str, name: str) -> SubmissionResult | None:
        """The result of that key under the name given; None if there is no whole one."""
        from autograder.course.results import SubmissionResult

        try:
            result = SubmissionResult.model_validate_json(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None
        return result.model_copy(update={"name": name}) if result.key == key else None

    def fit(self, key: str, name: str, level: int) -> SubmissionResult | None:
        """:meth:`load` of a result that was made at isolation level ``level`` or above."""
        result = self.load(key, name)
        return result if result and result.environment.level >= level else None

    def latest(self, work: str, name: str, level: int) -> SubmissionResult | None:
        """The last result of the cells with the digest ``work``, whatever it depended on else."""
        try:
            key = self._pointer(work).read_text(encoding="ascii")
        except (OSError, ValueError):
            return None
        return self.fit(key, name, level)

    def claimed(self, key: str) -> AbstractContextManager[None]:
        """Hold the work on a result; whoever comes second waits, and then finds it stored."""
        return files.locked(self._folder / "claims" / key[:40])

    def save(self, result: SubmissionResult, work: str) -> None:
        """Keep a result; one that was not graded is not kept, so that it is tried again."""
        if result.graded:
            files.write(self._path(result.key), result.model_dump_json(indent=1).encode())
            files.write(self._pointer(work), result.key.encode())

    def _path(self, key: str) -> Path:
        return self._folder / f"{key[:40]}.json"

    def _pointer(self, work: str) -> Path:
        return self._folder / "latest" / work[:40]
