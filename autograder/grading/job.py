"""How submissions are graded: the options of grading, spelt here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.assignment import Assignment
from autograder.course.conditions import NO_TRAINING, Conditions
from autograder.isolation.proof.canaries import Proof
from autograder.isolation.remote.deadlines import DEADLINES, Deadlines

if TYPE_CHECKING:
    from autograder.grading.grader import Grader


@dataclass(frozen=True)
class Job:
    """What a grader is to grade, and how; the same for every process that takes part.

    Light to import and to send: it needs neither torch nor a sandbox.
    """

    assignment: Assignment
    level: int = 3
    """Isolation level, 1 to 3."""
    device: str = "cpu"
    """"auto", "cpu" or "cuda": where the training runs."""
    corpus: str | None = None
    """Name of the corpus; None: the first of the assignment's that is found."""
    train: bool = True
    """False leaves the training run and its points out."""
    calibrating: bool = False
    """Work without a threshold, since it is being sought."""
    release: Path | None = None
    """The notebook that students received; None: the assignment's."""
    deadlines: Deadlines = DEADLINES
    """Limits of time of a cell, a call, the training run, a submission."""
    proof: Proof | None = None
    """Of the isolation level; None: every grader proves it for itself."""
    training: str = NO_TRAINING
    """What is trained on, as in :class:`autograder.course.conditions.Conditions`."""

    def grader(self) -> Grader:
        """A grader for the process that calls; with it come torch and all that works on tensors."""
        from autograder.grading.grader import Grader

        return Grader(self)

    def conditions(self) -> Conditions:
        """What decides a result besides the students' work, once the job is prepared."""
        return Conditions.now(self.assignment, self.device, self.training)
