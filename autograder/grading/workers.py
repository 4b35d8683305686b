"""The workers of a submission: its notebook behind the wall, and what it may use there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from autograder import notebooks
from autograder.course.assignment import Assignment
from autograder.isolation.linux.limits import Limits
from autograder.isolation.remote.conversation import Cell, Overlay
from autograder.isolation.remote.deadlines import Budget, Deadline, Deadlines
from autograder.isolation.remote.student import RemoteStudent
from autograder.isolation.sandbox import Sandbox


def run_order(cells: Iterable[notebooks.Cell]) -> list[notebooks.Cell]:
    """The cells that are run: locked ones first, so that no code of the student's runs before."""
    code = [cell for cell in cells if cell.kind != "graded"]
    return sorted(code, key=lambda cell: cell.kind != "setup")


class Workers:
    """Starts workers for one assignment's submissions.

    Args:
        assignment: whose ``training.py`` and limits.
        sandbox: what workers are forked from.
        device: "cpu" or "cuda": where the training runs.
        deadlines: limits of time; the assignment says how much processor time its run may take.
    """

    def __init__(
        self, assignment: Assignment, sandbox: Sandbox, device: str, deadlines: Deadlines
    ) -> None:
        self._assignment = assignment
        self._sandbox = sandbox
        self.device = device
        self._deadlines = deadlines
        if training := assignment.settings.training:
            run = replace(deadlines.training, cpu_seconds=training.cpu_seconds)
            self._deadlines = replace(deadlines, training=run)

    def student(
        self,
        cells: Sequence[notebooks.Cell],
        overlays: Sequence[Overlay] = (),
        training: bool = False,
        budget: Budget | None = None,
    ) -> RemoteStudent:
        """The notebook with these cells, behind the wall.

        Args:
            cells: of the student's and the locked ones.
            overlays: the reference for some names.
            training: with ``training.py``.
            budget: what is left of the submission's; default: a whole one.
        """
        remote = [Cell(c.id, c.source, locked=c.kind == "setup") for c in run_order(cells)]
        budget = budget or self.budget(training)
        seconds = max(1, math.ceil(budget.left))
        limits = Limits(cpu_seconds=seconds, cuda=self.device == "cuda")
        fork = partial(self._sandbox.fork, limits)
        source = self._assignment.training_source if training else None
        return RemoteStudent(fork, remote, self._deadlines, overlays, source, budget)

    def budget(self, training: bool = False) -> Budget:
        """What a submission may use: for its cells and calls, or for its own training runs."""
        submission, run = self._deadlines.submission, self._deadlines.training
        if not training:
            return Budget(submission)
        runs = 1 + self._assignment.training.repeats
        return Budget(Deadline(runs * run.cpu_seconds, runs * run.wall_seconds))
