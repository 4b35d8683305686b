"""How submissions are graded: the options of grading, spelt here and nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.assignment import Assignment
from autograder.isolation.proof.canaries import Proof
from autograder.isolation.remote.deadlines import DEADLINES, Deadlines
from autograder.isolation.sandbox import WARM, Sandbox
from autograder.store.conditions import NO_TRAINING, Conditions
from autograder.support.device import pick_device
from autograder.support.fonts import font_list

if TYPE_CHECKING:
    from autograder.grading.grader import Grader

_WARM = (
    *WARM,
    "matplotlib.pyplot",
    "autograder.isolation.remote.worker",
    "autograder.isolation.remote.training",
    "autograder.lab.testing.checking",
    "autograder.lab.diagnostics",
    "autograder.lab.plots",
    "autograder.lab.probing",
    "autograder.lab.views",
    "IPython.display",
    "spoken_digits.loading",
)
"""What workers find imported: all that locked cells and training files import."""


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
    """What is trained on, as in :class:`autograder.store.conditions.Conditions`."""

    def grader(self, lent: socket.socket | None = None) -> Grader:
        """A grader for the process that calls; with it come torch and all that works on tensors.

        Args:
            lent: of a sandbox that another process has warmed; default: one of its own.
        """
        from autograder.grading.grader import Grader

        return Grader(self, lent)

    def sandbox(self, lent: socket.socket | None = None) -> Sandbox:
        """The sandbox that a grader takes its workers from."""
        fonts = font_list(self.assignment.course.state)
        return Sandbox(
            level=self.level,
            planted=[fonts] if fonts else [],
            device=pick_device(self.device),
            warm=_WARM,
            lent=lent,
        )

    @contextmanager
    def warmed(self) -> Iterator[socket.socket | None]:
        """One warm sandbox for all graders of this machine, for as long as the block lasts.

        It is None where each worker needs a sandbox of its own.
        """
        with self.sandbox() as sandbox:
            lent = sandbox.lend()
            with lent or nullcontext():
                yield lent

    def conditions(self) -> Conditions:
        """What decides a result besides the students' work, once the job is prepared."""
        return Conditions.now(self.assignment, self.device, self.training)
