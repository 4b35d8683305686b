"""The sign of life of a run over a class: one small file, and a lock while the run lasts.

The file ``runs/<assignment>.json`` in the course's state folder holds a :class:`Run`. It is
replaced whole, so a reader never sees half of it; the lock goes with the process that holds
it, whatever ends it, so a run that was killed is told from one that goes on.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Literal, Self

from autograder.course.conditions import Conditions
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
_PATIENCE = 10


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
    """A result in a word."""
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
        self._lock: IO[bytes] | None = None
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
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = self._path.with_suffix(".lock").open("ab")
        except OSError as error:
            raise SpeechmarkError(f"Cannot write {self._path.parent}: {error.strerror}.") from error
        if not _taken(self._lock):
            self._lock.close()
            other = last_run(self._assignment)
            raise SpeechmarkError(
                f"The class is being graded already{f', by process {other.pid}' if other else ''}. "
                f"Wait for it or stop it; speechmark status {self._assignment.name} shows how far "
                "it is."
            )
        self._write()
        return self

    def beat(self, result: SubmissionResult) -> None:
        """Count ``result``; the file follows within half a second of further beats."""
        self._counts[mark(result)] += 1
        self.run = replace(
            self.run,
            outcomes=dict(self._counts),
            seconds=self.run.seconds + result.seconds,
            updated=_now(),
        )
        if time.monotonic() - self._written >= _PERIOD:
            self._write()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.run = replace(self.run, ended=_now() if kind is None else None, updated=_now())
        try:
            self._write()
        finally:
            if self._lock:
                self._lock.close()

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
    try:
        with _path(assignment).with_suffix(".lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _taken(lock: IO[bytes]) -> bool:
    """Take the lock of a run, with patience for those who look whether it is held."""
    for _ in range(_PATIENCE):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        except OSError:
            return True  # a file system without locks: better a run without one than none
        else:
            return True
    return False


def _path(assignment: Assignment) -> Path:
    return assignment.course.state / "runs" / f"{assignment.name}.json"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
