"""One submission, from its bytes to its result.

The notebook is rebuilt from the release, its cells run behind the wall, the hidden suites
question them from this side, the training run goes on inside, and the probe outside.
"""

from __future__ import annotations

import math
import platform
import socket
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from autograder import __version__, notebooks
from autograder.course.assignment import Assignment
from autograder.course.releases import Releases
from autograder.course.results import Environment, SubmissionResult, fault_in_words, of_notebook
from autograder.grading import measures
from autograder.grading.exam import Exam, choose_corpus, prepare
from autograder.grading.job import Job
from autograder.grading.submission import Session
from autograder.isolation.linux.limits import Limits
from autograder.isolation.proof.canaries import Proof, prove
from autograder.isolation.remote.deadlines import Budget, Deadline
from autograder.isolation.remote.student import Cell, Overlay, RemoteStudent
from autograder.notebooks.cells import digest
from autograder.store.conditions import NO_TRAINING, Conditions
from autograder.store.results import Store
from autograder.support import torch_pair
from autograder.support.closing import Closing
from autograder.support.device import pick_device
from autograder.support.errors import SpeechmarkError

_ATTEMPTS = 2
"""How often a submission is graded whose worker the host kills."""


def environment(assignment: Assignment, device: str, proof: Proof) -> Environment:
    """The conditions under which a result is made."""
    return Environment(
        kit=__version__,
        torch=torch.__version__,
        python=platform.python_version(),
        device=device,
        threads=torch.get_num_threads(),
        level=proof.level,
        canaries=dict(proof.held),
        suites=assignment.suites_digest,
    )


class Grader(Closing):
    """Grades submissions of one assignment, one after the other, in one process.

    Args:
        job: what is graded, and how.
        lent: of a sandbox that another process has warmed; default: one of its own.

    Raises:
        SpeechmarkError: the level, the device, the corpus or the release is not to be had.
    """

    def __init__(self, job: Job, lent: socket.socket | None = None) -> None:
        torch.set_num_threads(1)
        if problem := torch_pair.problem():
            raise SpeechmarkError(problem)
        assignment = self.assignment = job.assignment
        self.device = pick_device(job.device)
        self.exam: Exam | None = None
        self._deadlines = job.deadlines
        training = assignment.settings.training
        if job.train and training:
            corpus = choose_corpus(assignment, job.corpus)
            self.exam = prepare(assignment, corpus, job.calibrating)
            measures.check(assignment)
        if training:
            deadline = replace(self._deadlines.training, cpu_seconds=training.cpu_seconds)
            self._deadlines = replace(self._deadlines, training=deadline)
        self.releases = Releases(assignment, job.release)
        self.release = self.releases.current
        self._sandbox = job.sandbox(lent)
        self.proof = job.proof or prove(job.level, self._sandbox, assignment.secrets)

    def close(self) -> None:
        """End the sandbox and all that runs in it."""
        self._sandbox.close()

    def environment(self) -> Environment:
        """The conditions under which this grader works."""
        return environment(self.assignment, self.device, self.proof)

    def conditions(self) -> Conditions:
        """What decides a result besides the student's work."""
        training = self.exam.identity if self.exam else NO_TRAINING
        return Conditions.now(self.assignment, self.device, training)

    def grade(
        self, name: str, rebuilt: notebooks.Rebuilt, before: SubmissionResult | None = None
    ) -> SubmissionResult:
        """Grade a rebuilt submission. The grader's own faults end in ``graded=False``.

        When the host kills a worker, grading starts over, once.

        Args:
            name: the submission's.
            rebuilt: its cells.
            before: an earlier result of the same cells; what of it still holds is taken over.
        """
        started, cpu_started = time.perf_counter(), time.process_time()
        workers = 0.0
        conditions, cells = self.conditions(), digest(rebuilt.cells)
        for _ in range(_ATTEMPTS):
            session = Session(self, rebuilt, before, partial(conditions.part_key, cells))
            try:
                parts, training, notes = session.run()
            except Exception as fault:
                # Whatever it is, it is the grader's: loud, no grade, and the batch goes on.
                parts, training, notes = [], None, [fault_in_words(fault)]
            workers += session.worker_seconds
            if not session.killed:
                break
        graded = bool(parts) and all(part.outcome != "grader" for part in parts)
        result = SubmissionResult(
            name=name,
            assignment=self.assignment.name,
            key=conditions.key_of(cells),
            score=round(sum(part.score for part in parts), 2),
            max_score=round(sum(part.max_score for part in parts), 2),
            parts=parts,
            training=training,
            notes=notes,
            graded=graded,
            environment=self.environment(),
            seconds=time.perf_counter() - started,
            cpu_seconds=time.process_time() - cpu_started + workers,
        )
        return of_notebook(result, rebuilt)

    def result(self, name: str, submitted: Path | bytes, regrade: bool = False) -> SubmissionResult:
        """The stored result of a submission if there is one, else grade it and store that.

        Raises:
            SpeechmarkError: it is no notebook that can be read.
        """
        rebuilt = self.releases.rebuilt(notebooks.read(submitted))
        store, cells = Store(self.assignment), digest(rebuilt.cells)
        key, level = self.conditions().key_of(cells), self.proof.level
        with store.claimed(key):
            if regrade:
                result = self.grade(name, rebuilt)
            elif known := store.find(key, level, name, rebuilt):
                return known
            else:
                result = self.grade(name, rebuilt, store.latest(cells, level))
            store.save(result, cells)
            return result

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
        remote = [
            Cell(c.id, c.source, locked=c.kind == "setup") for c in cells if c.kind != "graded"
        ]
        # Locked cells first, wherever a student's cell was put: none of its code runs before.
        remote.sort(key=lambda cell: not cell.locked)
        budget = budget or self.budget(training)
        seconds = max(1, math.ceil(budget.left))
        limits = Limits(cpu_seconds=seconds, cuda=self.device == "cuda")
        fork = partial(self._sandbox.fork, limits)
        source = self.assignment.training_source if training else None
        return RemoteStudent(fork, remote, self._deadlines, overlays, source, budget)

    def budget(self, training: bool = False) -> Budget:
        """What a submission may use: for its cells and calls, or for its own training runs."""
        submission, run = self._deadlines.submission, self._deadlines.training
        if not training:
            return Budget(submission)
        runs = 1 + self.assignment.training.repeats
        return Budget(Deadline(runs * run.cpu_seconds, runs * run.wall_seconds))
