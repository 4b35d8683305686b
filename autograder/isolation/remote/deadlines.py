"""How long the grader waits for a worker, and how much a submission may use in all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from autograder.lab.testing.failures import Crashed

_IDLE_SECONDS, _IDLE_SHARE = 20.0, 0.02
"""A worker that used less than this share of so much time may sleep: then it is looked at."""
_LOOKS, _LOOK_SECONDS = 20, 0.25
"""So often in a row it is seen asleep before it is not waited for. One that waits for its turn, or
for a file that the host is slow to give, is not."""


@dataclass(frozen=True)
class Deadline:
    """A limit on one exchange, by the worker's CPU time and by the clock on the wall.

    CPU time is what a verdict may rest on: it does not grow on a loaded machine. The wall
    limit is generous; code that waits and does not compute is not waited for that long.
    """

    cpu_seconds: float
    wall_seconds: float

    def started(
        self,
        cpu_now: Callable[[], float],
        cpu_start: float,
        asleep: Callable[[], bool] = lambda: True,
    ) -> Callable[[], float]:
        """An ``allowed`` for :class:`Channel`, counting from now.

        Args:
            cpu_now: tells the worker's CPU time.
            cpu_start: what it tells now.
            asleep: tells whether the worker sleeps, and neither computes nor waits for the host.
        """
        wall_start = time.monotonic()
        seen_asleep = 0

        def allowed() -> float:
            nonlocal seen_asleep
            elapsed = time.monotonic() - wall_start
            wall = self.wall_seconds - elapsed
            if wall <= 0:
                return 0.0
            if elapsed < min(self.cpu_seconds, _IDLE_SECONDS):
                return min(wall, self.cpu_seconds - elapsed, _IDLE_SECONDS - elapsed)
            used = cpu_now() - cpu_start
            if used >= self.cpu_seconds:
                return 0.0
            if elapsed > _IDLE_SECONDS and used < _IDLE_SHARE * elapsed:
                seen_asleep = seen_asleep + 1 if asleep() else 0
                return min(wall, _LOOK_SECONDS) if seen_asleep < _LOOKS else 0.0
            return min(wall, max(self.cpu_seconds - used, 0.05), _IDLE_SECONDS)

        return allowed


@dataclass(frozen=True)
class Deadlines:
    """Limits of one cell, one call, the training run, and all of a submission together."""

    cell: Deadline
    call: Deadline
    training: Deadline
    submission: Deadline


DEADLINES = Deadlines(
    cell=Deadline(20, 120),
    call=Deadline(10, 90),
    training=Deadline(600, 2400),
    submission=Deadline(900, 3600),
)
"""Generous: a correct encoder of two million parameters trains for minutes, not seconds."""


MOST_HELD = 2 << 30
"""Bytes that the grader may come to hold of one submission's answers."""

_LOOK_AFTER = 0.01
"""Seconds of the grader's processor time, in which it cannot fill more than some 100 MiB."""


class Budget:
    """What the workers of a submission may use together, however many are started.

    The grader's own processor time since then is charged too: it is what the answers cost.

    Args:
        limit: of processor time, and of the clock from now on.
    """

    def __init__(self, limit: Deadline) -> None:
        self.limit = limit
        self.used = 0.0
        """Processor time of workers that have ended."""
        self._started = time.monotonic()
        self._own, self._held = time.process_time(), _resident()
        self._looked, self._full = self._own, False

    @property
    def left(self) -> float:
        """Seconds of processor time."""
        return self.limit.cpu_seconds - self.used - (time.process_time() - self._own)

    @property
    def overdue(self) -> bool:
        """Whether the clock has run out."""
        return time.monotonic() - self._started > self.limit.wall_seconds

    @property
    def full(self) -> bool:
        """Whether the grader holds too much of the submission's.

        Memory is filled by working, so a look is worth its cost only after some.
        """
        now = time.process_time()
        if now - self._looked > _LOOK_AFTER:
            self._looked, self._full = now, _resident() - self._held > MOST_HELD
        return self._full


class Costly:
    """Calls that took long and raised. One that did so twice in the same way is not paid for again.

    Correct work raises nothing; what is quick may raise as often as it is asked.
    """

    SECONDS = 2.0

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()
        self._known: dict[str, Crashed] = {}

    def check(self, call: str) -> None:
        """Raise as ``call`` would, if that is known."""
        if known := self._known.get(call):
            raise Crashed(known.kind, known.detail, known.line, known.cell, known.name)

    def note(self, call: str, failure: Crashed, seconds: float) -> None:
        """Remember that ``call`` raised ``failure`` after so many seconds of processor time."""
        if seconds < self.SECONDS:
            return
        way = (call, failure.kind)
        if way in self._seen:
            self._known[call] = failure
        self._seen.add(way)

    def forget(self) -> None:
        """Other code has run, which may have defined it anew."""
        self._seen.clear()
        self._known.clear()


def _resident() -> int:
    """Bytes of memory of this process; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
