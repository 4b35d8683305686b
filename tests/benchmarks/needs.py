"""What submissions need for themselves: their cells and the calls that the suites make.

Run as ``python -m tests.benchmarks.needs COURSE NOTEBOOK...`` by the row ``overhead``. Each
notebook's cells run in this one process, where everything is imported already, and the hidden
suites question them without a wall. Three times are taken: that of the cells and of the student's
own functions; with it what the tests compute for themselves; and that of all, pytest and the
reading of the notebook included. The tests' own is by the clock on the wall, where nothing waits.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from autograder import notebooks
from autograder.course.assignment import Course
from autograder.grading.suites import reference_tensors
from autograder.lab.testing.runner import run_suite
from autograder.lab.testing.student import LocalModule, LocalStudent
from tests.benchmarks.classes import NAME


class Clock:
    """Adds up the processor time of student code."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        started = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            self.seconds += time.process_time() - started


class TimedModule(LocalModule):
    def __init__(self, module: torch.nn.Module, clock: Clock) -> None:
        super().__init__(module)
        self._clock = clock

    def __call__(self, *args: Any) -> Any:
        return self._clock.timed(super().__call__, *args)

    def gradients(self, x: torch.Tensor, cotangent: torch.Tensor) -> Any:
        return self._clock.timed(super().gradients, x, cotangent)


class TimedStudent(LocalStudent):
    def __init__(self, namespace: dict[str, Any], clock: Clock) -> None:
        super().__init__(namespace)
        self._clock = clock

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        result = self._clock.timed(super().call, name, *args, **kwargs)
        if isinstance(result, LocalModule):
            return TimedModule(result._module, self._clock)
        return result


def need(course: Path, path: Path) -> tuple[float, float, float]:
    """CPU-seconds of a submission's own code without training, with the tests' own, and of all."""
    started = time.process_time()
    assignment = Course(course).assignment(NAME)
    rebuilt = notebooks.rebuild(notebooks.read(path), notebooks.read(assignment.release_notebook))
    clock, namespace = Clock(), {"__name__": "__main__"}
    for cell in sorted(rebuilt.cells, key=lambda cell: cell.kind != "setup"):
        try:
            clock.timed(exec, compile(cell.source, f"<cell {cell.id}>", "exec"), namespace)
        except Exception:
            continue
    student, tests = TimedStudent(namespace, clock), clock.seconds
    for part in assignment.automatic:
        reference = reference_tensors(assignment.reference_file(part.id))
        outcomes = run_suite(assignment.hidden_suite(part.id), student, reference)
        tests += sum(outcome.seconds for outcome in outcomes)
    return clock.seconds, tests, time.process_time() - started


def main() -> None:
    torch.set_num_threads(1)
    course, *paths = map(Path, sys.argv[1:])
    need(course, paths[0])  # the first call of anything costs more
    print(json.dumps([need(course, path) for path in paths]))


if __name__ == "__main__":
    main()
