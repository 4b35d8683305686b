"""How long the grader waits for a worker, and how much a submission may use in all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

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


class Budget:
    """Processor time that the workers of a submission may use together, however many are started.

    Args:
        limit: of processor time, and of the clock from now on.
    """

    def __init__(self, limit: Deadline) -> None:
        self.limit = limit
        self.used = 0.0
        self._started = time.monotonic()

    @property
    def left(self) -> float:
        """Seconds of processor time."""
        return self.limit.cpu_seconds - self.used

    @property
    def overdue(self) -> bool:
        """Whether the clock has run out."""
        return time.monotonic() - self._started > self.limit.wall_seconds
