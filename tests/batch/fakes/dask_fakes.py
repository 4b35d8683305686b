"""What test_dask_pool hands to workers: a job whose grader costs nothing, and its tasks."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.isolation.proof.canaries import Proof


@dataclass
class FakeGrader:
    """Counts what it was asked, and leaves a mark when it is closed."""

    scratch: Path
    asked: int = 0

    def close(self) -> None:
        (self.scratch / f"closed-{os.getpid()}").touch()


@dataclass(frozen=True)
class FakeJob:
    """The proof of the level, and what is compared with the client, are the real ones."""

    assignment: Assignment
    scratch: Path
    level: int = 1
    proof: Proof | None = None

    def grader(self) -> FakeGrader:
        if self.proof is None or self.proof.level < self.level:
            raise AssertionError("a grader without a proof")
        (self.scratch / f"grader-{os.getpid()}-{time.monotonic_ns()}").touch()
        return FakeGrader(self.scratch)


def square(grader: FakeGrader, item: int) -> tuple[int, int, int]:
    """The answer, who gives it, and how often that grader was asked."""
    grader.asked += 1
    time.sleep(0.05)
    return item * item, os.getpid(), grader.asked


def kill_the_worker(grader: FakeGrader, item: int) -> int:
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def raise_on_three(grader: FakeGrader, item: int) -> int:
    if item == 3:
        raise ZeroDivisionError("by the task itself")
    return item
