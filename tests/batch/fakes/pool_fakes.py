"""What test_bulk hands to processes: a job whose grader is a folder, and tasks that die."""

from __future__ import annotations

import os
import signal
import time
import weakref
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FakeJob:
    """Its grader is the folder in which tasks leave marks."""

    scratch: Path

    def warmed(self) -> AbstractContextManager[None]:
        return nullcontext()

    def grader(self, lent: None) -> Path:
        return self.scratch


def die_always(scratch: Path, item: int) -> int:
    """Item 3 takes its process along, when its neighbours have started."""
    (scratch / f"{item}-{time.monotonic_ns()}").touch()
    if item == 3:
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.1)
    return item * item


def die_once(scratch: Path, item: int) -> int:
    if item == 3 and not (scratch / "died").exists():
        (scratch / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


_made: list[weakref.ref[Cycle]] = []
_held: list[object] = []


class Cycle:
    """Holds itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self


def leave_a_cycle(scratch: Path, item: int) -> int:
    """How many cycles of earlier items this process still holds."""
    left = sum(ref() is not None for ref in _made)
    _made.append(weakref.ref(Cycle()))
    return left


def hold_much_until_the_next(scratch: Path, item: int) -> int:
    """How many cycles of earlier items this process still holds, but for the last one's."""
    left = sum(ref() is not None for ref in _made[:-1])
    cycle = Cycle()
    _made.append(weakref.ref(cycle))
    _held[:] = [cycle, [[] for _ in range(20_000)]]
    return left


def wait_for_ever(scratch: Path, item: int) -> int:
    (scratch / f"pid-{os.getpid()}").touch()
    time.sleep(600)
    return item
