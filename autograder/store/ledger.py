"""What was written into the gradebook, when, and why: one line of JSON for each time.

The file is only ever appended to. Read from its beginning it says what every student's
points were at any time; read to its end, what they are.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from autograder.course.assignment import Assignment
from autograder.course.results import SubmissionResult
from autograder.store.changes import Change, Standing
from autograder.store.results import Store
from autograder.support import files
from autograder.support.errors import SpeechmarkError


class Ledger:
    """The log of one class.

    Args:
        path: a file of JSON lines; made with its folder when first written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """The ledger of an assignment, in the course's state folder."""
        return cls(assignment.course.state / "ledger" / f"{assignment.name}.jsonl")

    def record(self, found: Sequence[Change], reason: str) -> None:
        """Append what has been written; when this returns, it is on the disk.

        Nothing is appended for no changes.

        Args:
            found: from :func:`autograder.store.changes.changes`.
            reason: in a person's words.

        Raises:
            SpeechmarkError: the file cannot be written.
        """
        if not found:
            return
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "reason": reason,
            "by": _user(),
            "kit": sorted({change.after.kit for change in found}),
            "suites": sorted({change.after.suites for change in found}),
            "changes": [{**asdict(change), "cause": change.cause} for change in found],
        }
        try:
            self._append(json.dumps(entry, allow_nan=False).encode() + b"\n")
        except OSError as error:
            raise SpeechmarkError(f"Cannot write {self._path}: {error.strerror}.") from error

    def entries(self) -> list[dict[str, Any]]:
        """All entries, the oldest first; a line that a power cut left unfinished is not one.

        Raises:
            SpeechmarkError: the file cannot be read.
        """
        try:
            lines = self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise SpeechmarkError(f"Cannot read {self._path}: {error.strerror}.") from error
        found = []
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and "changes" in entry:
                found.append(entry)
        return found

    def latest(self) -> dict[str, Standing]:
        """Name to what was written last for it.

        Raises:
            SpeechmarkError: the file cannot be read, or was written by another version.
        """
        found = {}
        try:
            for entry in self.entries():
                for change in entry["changes"]:
                    found[str(change["name"])] = Standing(**change["after"])
        except (TypeError, KeyError) as error:
            raise SpeechmarkError(
                f"{self._path} is not a ledger of this version ({error!r}). Put it aside; what is "
                "written next then counts as first grades."
            ) from error
        return found

    def _append(self, line: bytes) -> None:
        is_new = not self._path.exists()
        with files.locked(self._path.with_suffix(".lock")), self._path.open("ab+") as file:
            size = file.seek(0, os.SEEK_END)
            if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
                line = b"\n" + line  # after a line that a power cut left unfinished
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def held(assignment: Assignment) -> dict[str, SubmissionResult]:
    """Name to the result whose points were written last, of those that are still stored.

    Raises:
        SpeechmarkError: as :meth:`Ledger.latest`.
    """
    store = Store(assignment)
    latest = Ledger.of(assignment).latest()
    results = ((name, store.find(standing.key, 0, name)) for name, standing in latest.items())
    return {name: result for name, result in results if result}


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
