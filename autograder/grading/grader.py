"""One submission, from its bytes to its result.

The notebook is rebuilt from the release, its cells run behind the wall, the hidden suites
question them from this side, the training run goes on inside, and the probe outside.
"""

from __future__ import annotations

import platform
import socket
import time
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
from autograder.grading.workers import Workers
from autograder.isolation.proof.canaries import Proof, prove
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
        if job.train and assignment.settings.training:
            corpus = choose_corpus(assignment, job.corpus)
            self.exam = prepare(assignment, corpus, job.calibrating)
            measures.check(assignment)
        self.releases = Releases(assignment, job.release)
        self.release = self.releases.current
        self._sandbox = job.sandbox(lent)
        self.workers = Workers(assignment, self._sandbox, self.device, job.deadlines)
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
            key = partial(conditions.part_key, cells)
            session = Session(self.assignment, self.workers, self.exam, rebuilt, before, key)
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
