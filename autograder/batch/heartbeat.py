"""The sign of life of a run over a class: one small file, and a lock while the run lasts.

The file ``runs/<assignment>.json`` in the course's state folder holds a :class:`Run`. It is
replaced whole, so a reader never sees half of it; the lock goes with the process that holds
it, whatever ends it, so a run that was killed is told from one that goes on.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from filelock import BaseFileLock, FileLock, Timeout

from autograder.store.conditions import Conditions
from autograder.support import files
from autograder.support.errors import SpeechmarkError

if TYPE_CHECKING:
    from autograder.course.assignment import Assignment
    from autograder.course.results import SubmissionResult
    from autograder.grading.job import Job

Marks = Literal["full", "partial", "zero", "not graded"]
MARKS: tuple[Marks, ...] = ("full", "partial", "zero", "not graded")

_PERIOD = 0.5
_REMEMBERED = 10
_PATIENCE = 0.5
"""Seconds to wait for the lock: those who look whether it is held hold it for a moment."""


@dataclass(frozen=True)
class Run:
    """How far a run is, or how far it came."""

    pid: int
    started: str
    """ISO 8601, with time zone, as the other times."""
    updated: str
    total: int
    jobs: int
    """How many are graded at a time; 0 where that is the cluster's to say."""
    regrade: bool
    conditions: Conditions
    level: int = 3
    """Isolation level below which no result counts."""
    ended: str | None = None
    """None: it goes on, or was killed."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """How many submissions had full, partial or no points, or were not graded."""
    seconds: float = 0.0
    """Wall time that grading those done took in all, whether in this run or an earlier one."""
    earlier: Sequence[Conditions] = ()
    """Conditions of the runs before, the latest first."""

    @property
    def done(self) -> int:
        return sum(self.outcomes.values())

    def words(self) -> str:
        """``12 full, 3 partial, 1 not graded``."""
        counts = [f"{n} {mark}" for mark in MARKS if (n := self.outcomes.get(mark))]
        return ", ".join(counts) or "none done yet"

    def seconds_left(self, submissions: int) -> float | None:
        """Estimate for so many more submissions; None before the first is done."""
        return self.seconds / self.done / max(1, self.jobs) * submissions if self.done else None


def mark(result: SubmissionResult) -> Marks:
    """How a result is counted: "full", "partial", "zero" or "not graded"."""
    if not result.graded:
        return "not graded"
    if result.score >= result.max_score:
        return "full"
    return "partial" if result.score > 0 else "zero"


class Heartbeat:
    """Keeps the file of a run up to date; a context manager that holds the lock.

    Args:
        job: whose class is graded, and how.
        total: number of submissions.
        jobs: how many are graded at a time.
        regrade: whether those with a stored result are graded too.

    Raises:
        SpeechmarkError: on entering, if another run over the class goes on.
    """

    def __init__(
        self,
        job: Job,
        total: int,
        jobs: int,
        regrade: bool = False,
    ) -> None:
        self._path = _path(job.assignment)
        self._assignment, conditions = job.assignment, job.conditions()
        self._counts: Counter[str] = Counter()
        self._written = 0.0
        self._entered = False
        self._lock = _lock(job.assignment)
        before = last_run(job.assignment)
        known = [before.conditions, *before.earlier] if before else []
        self.run = Run(
            pid=os.getpid(),
            started=_now(),
            updated=_now(),
            total=total,
            jobs=jobs,
            regrade=regrade,
            conditions=conditions,
            level=job.level,
            earlier=[c for c in known if c != conditions][:_REMEMBERED],
        )

    def __enter__(self) -> Self:
        try:
            self._lock.acquire(timeout=_PATIENCE)
        except Timeout:
            other = last_run(self._assignment)
            raise SpeechmarkError(
                f"The class is being graded already{f', by process {other.pid}' if other else ''}. "
                f"Wait for it or stop it; speechmark status {self._assignment.name} shows how far "
                "it is."
            ) from None
        except OSError as error:
            # On a file system without locks a run without one is better than none.
            if not Path(self._lock.lock_file).exists():
                why = f"Cannot write {self._path.parent}: {error.strerror}."
                raise SpeechmarkError(why) from error
        self._entered = True
        self._write()
        return self

    def beat(self, result: SubmissionResult) -> None:
        """Count ``result``; within the block the file follows, at most half a second later."""
        self._counts[mark(result)] += 1
        self.run = replace(
            self.run,
            outcomes=dict(self._counts),
            seconds=self.run.seconds + result.seconds,
            updated=_now(),
        )
        if self._entered and time.monotonic() - self._written >= _PERIOD:
            self._write()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.run = replace(self.run, ended=_now() if kind is None else None, updated=_now())
        try:
            self._write()
        finally:
            self._lock.release()

    def _write(self) -> None:
        # A sign of life that cannot be given is no reason to stop grading.
        with suppress(SpeechmarkError):
            files.write(self._path, json.dumps(asdict(self.run), indent=1).encode())
        self._written = time.monotonic()


def last_run(assignment: Assignment) -> Run | None:
    """The run that goes on, else the last one; None if there is none that can be read."""
    try:
        raw = json.loads(_path(assignment).read_bytes())
        conditions = Conditions(**raw.pop("conditions"))
        earlier = [Conditions(**c) for c in raw.pop("earlier")]
        return Run(conditions=conditions, earlier=earlier, **raw)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def is_running(assignment: Assignment) -> bool:
    """Whether a run over the class goes on, here or on a machine that shares its locks."""
    lock = _lock(assignment)
    if not Path(lock.lock_file).exists():
        return False
    try:
        with lock.acquire(blocking=False):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _lock(assignment: Assignment) -> BaseFileLock:
    return FileLock(_path(assignment).with_suffix(".lock"))


def _path(assignment: Assignment) -> Path:
    return assignment.course.state / "runs" / f"{assignment.name}.json"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
