"""Finished results on disk, one file each, named by the key of what they depend on.

A result is found again exactly when nothing that decides it has changed, so grading the
same class twice costs nothing, and identical submissions are graded once. Our own and no
database, since a cluster's machines share the folder over networks on which SQLite's locks fail.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.assignment import Assignment
from autograder.support import files

if TYPE_CHECKING:
    from autograder.course.results import SubmissionResult
    from autograder.notebooks import Rebuilt


class Store:
    """The results of one assignment, under the course's state folder."""

    def __init__(self, assignment: Assignment) -> None:
        self._folder = assignment.course.state / "results" / assignment.name

    def find(
        self, key: str, level: int, name: str = "", rebuilt: Rebuilt | None = None
    ) -> SubmissionResult | None:
        """The result of that key, if there is one that is whole and was made behind the wall.

        Args:
            key: from :class:`autograder.store.conditions.Conditions`.
            level: isolation level below which it must not have been made.
            name: the submission that asks, whose the result becomes.
            rebuilt: that submission's file.
        """
        from autograder.course.results import SubmissionResult, of_notebook

        try:
            result = SubmissionResult.model_validate_json(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None
        if result.key != key or result.environment.level < level:
            return None
        result = result.model_copy(update={"name": name})
        return of_notebook(result, rebuilt) if rebuilt else result

    def is_empty(self) -> bool:
        """Whether there is no result at all."""
        return not any(self._folder.glob("*.json"))

    def latest(self, cells: str, level: int) -> SubmissionResult | None:
        """The last result of the cells with the digest given, whatever it depended on else."""
        try:
            key = self._pointer(cells).read_text(encoding="ascii")
        except (OSError, ValueError):
            return None
        return self.find(key, level)

    def claimed(self, key: str) -> AbstractContextManager[None]:
        """Hold the work on a result; whoever comes second waits, and then finds it stored."""
        # So few digits that the files stay few, so many that hardly two results share one.
        return files.locked(self._folder / "claims" / key[:3])

    def save(self, result: SubmissionResult, cells: str) -> None:
        """Keep a result of the cells with the digest given.

        One that was not graded is not kept, so that it is tried again.
        """
        if result.graded:
            files.write(self._path(result.key), result.model_dump_json(indent=1).encode())
            files.write(self._pointer(cells), result.key.encode())

    def _path(self, key: str) -> Path:
        return self._folder / f"{key[:40]}.json"

    def _pointer(self, cells: str) -> Path:
        return self._folder / "latest" / cells[:40]
