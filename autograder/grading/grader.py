"""One submission, from its bytes to its result.

The notebook is rebuilt from the release, its cells run behind the wall, the hidden suites
question them from this side, the training run goes on inside, and the probe outside.
"""

from __future__ import annotations

import atexit
import math
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import torch

from autograder import __version__, notebooks
from autograder.course.assignment import Assignment, Course
from autograder.course.conditions import NO_TRAINING, Conditions
from autograder.course.results import (
    Environment,
    PartResult,
    SubmissionResult,
    TestResult,
    Training,
)
from autograder.course.settings import Part
from autograder.course.store import Store
from autograder.course.ungraded import told
from autograder.grading.exam import CLIPS_FILE, Exam, choose_corpus, prepare
from autograder.grading.suites import part_result, run_parts
from autograder.grading.training import Verdict, examine, flags, tiers
from autograder.isolation.bwrap import Bind
from autograder.isolation.limits import Limits
from autograder.isolation.proof.canaries import Proof, prove
from autograder.isolation.remote.student import (
    DEADLINES,
    Cell,
    Deadlines,
    HostKilled,
    Overlay,
    RemoteStudent,
)
from autograder.isolation.sandbox import WARM, Sandbox
from autograder.lab.testing.failures import Wrong
from autograder.notebooks.cells import digest
from autograder.support.device import pick_device
from autograder.support.fonts import font_list

_ATTEMPTS = 2
"""How often a submission is graded whose worker the host kills."""

_WARM = (
    *WARM,
    "matplotlib.pyplot",
    "autograder.isolation.remote.worker",
    "autograder.isolation.remote.training",
    "autograder.lab.testing.checking",
    "autograder.lab.plots",
    "autograder.lab.probing",
    "spoken_digits.loading",
)
"""What workers find imported: all that the locked cells import."""


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


class Grader:
    """Grades submissions of one assignment, one after the other, in one process.

    Args:
        assignment: what is graded.
        level: isolation level, 1 to 3.
        device: "auto", "cpu" or "cuda": where the training runs.
        corpus: name of the corpus; default: the first of the assignment's that is found.
        train: False leaves the training run and its points out.
        proof: of the isolation level, when it has been proven already.
        release: the notebook that students received; default: the assignment's.
        calibrating: work without a threshold, since it is being sought.
        deadlines: limits of time of a cell, a call, the training run, a submission.
    """

    def __init__(
        self,
        assignment: Assignment,
        *,
        level: int = 3,
        device: str = "cpu",
        corpus: str | None = None,
        train: bool = True,
        proof: Proof | None = None,
        release: Path | None = None,
        calibrating: bool = False,
        deadlines: Deadlines = DEADLINES,
    ) -> None:
        torch.set_num_threads(1)
        self._deadlines = deadlines
        self.assignment = assignment
        self.device = pick_device(device)
        self.exam: Exam | None = None
        self._clips: Bind | None = None
        if train:
            self.exam = prepare(assignment, choose_corpus(assignment, corpus), calibrating)
            self._clips = Bind(str(self.exam.exchange), "/exchange")
        self.release = notebooks.read(release or assignment.release_notebook)
        fonts = font_list(assignment.course.state)
        self._sandbox = Sandbox(
            level=level,
            binds=[self._clips] if self._clips else [],
            planted=[fonts] if fonts else [],
            device=self.device,
            warm=_WARM,
        )
        self.proof = proof or prove(level, self._sandbox, assignment.secrets)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

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
        conditions, work = self.conditions(), digest(rebuilt.cells)
        for _ in range(_ATTEMPTS):
            session = _Session(self, rebuilt, before, partial(conditions.part_key, work))
            try:
                parts, training, notes = session.run()
            except Exception as fault:
                # Whatever it is, it is the grader's: loud, no grade, and the batch goes on.
                parts, training, notes = [], None, [told(fault)]
            workers += session.worker_seconds
            if not session.killed:
                break
        graded = bool(parts) and all(part.outcome != "grader" for part in parts)
        return SubmissionResult(
            name=name,
            assignment=self.assignment.name,
            key=conditions.key_of(work),
            score=round(sum(part.score for part in parts), 2),
            max_score=round(sum(part.max_score for part in parts), 2),
            parts=parts,
            training=training,
            repairs=list(rebuilt.repairs),
            notes=notes,
            graded=graded,
            environment=self.environment(),
            seconds=time.perf_counter() - started,
            cpu_seconds=time.process_time() - cpu_started + workers,
        )

    def result(self, name: str, submitted: Path | bytes, regrade: bool = False) -> SubmissionResult:
        """The stored result of a submission if there is one, else grade it and store that.

        Raises:
            SpeechmarkError: it is no notebook that can be read.
        """
        rebuilt = notebooks.rebuild(notebooks.read(submitted), self.release)
        store, work = Store(self.assignment), digest(rebuilt.cells)
        key = self.conditions().key_of(work)
        with store.claimed(key):
            level = self.proof.level
            before = None
            if not regrade:
                before = store.fit(key, name, level) or store.latest(work, name, level)
            if before and before.key == key:
                return before.model_copy(update={"repairs": list(rebuilt.repairs)})
            result = self.grade(name, rebuilt, before)
            store.save(result, work)
            return result

    def student(
        self, cells: Sequence[notebooks.Cell], overlays: Sequence[Overlay] = ()
    ) -> RemoteStudent:
        """The notebook with these cells, behind the wall."""
        remote = [Cell(c.id, c.source, locked=c.kind == "setup") for c in cells]
        # Locked cells first, wherever a student's cell was put: none of its code runs before.
        remote.sort(key=lambda cell: not cell.locked)
        seconds = math.ceil(self._deadlines.submission.cpu_seconds)
        limits = Limits(cpu_seconds=seconds, cuda=self.device == "cuda")
        fork = partial(self._sandbox.fork, limits)
        return RemoteStudent(fork, remote, self._deadlines, overlays)

    def clips_path(self) -> str:
        """Where the worker finds the exam's clips."""
        assert self._clips is not None
        return f"{self._sandbox.seen(self._clips)}/{CLIPS_FILE}"


class _Session:
    """The grading of one submission."""

    def __init__(
        self,
        grader: Grader,
        rebuilt: notebooks.Rebuilt,
        before: SubmissionResult | None,
        key: Callable[[str], str],
    ) -> None:
        self._grader = grader
        self._assignment = grader.assignment
        self._cells = rebuilt.cells
        self._sources = {cell.id: cell.source for cell in rebuilt.cells}
        self._before = before
        self._known = {part.key: part for part in before.parts} if before else {}
        self._key = key
        self.worker_seconds = 0.0
        self.killed = False
        """Whether the host killed a worker."""

    def run(self) -> tuple[list[PartResult], Training | None, list[str]]:
        """Suites of all parts, then the training run with failed parts replaced."""
        digests = self._assignment.part_digests
        training_part = self._assignment.settings.training_part
        first = [p for p in self._assignment.automatic if p.id != training_part]
        last = next(p for p in self._assignment.automatic if p.id == training_part)
        keys = {part.id: self._key(digests[part.id]) for part in first}
        results = {part: self._known[key] for part, key in keys.items() if key in self._known}
        notes = self._before.notes if self._before else []
        asked = [part for part in first if part.id not in results]
        tests: dict[str, list[TestResult]] = {}
        if asked:
            tests, notes = self._ask([*asked, last])
        for part in asked:
            results[part.id] = part_result(part, tests[part.id], keys[part.id])
        failed = [p for p in first if results[p.id].outcome not in ("passed", "grader")]
        for part in first:
            results[part.id].replaced = part in failed
        key = self._key(f"{digests[last.id]} {self._assignment.training_digest(failed)}")
        if self._before and (known := self._known.get(key)):
            results[last.id], training = known, self._before.training
        else:
            reference = self._assignment.reference_cells
            overlays = [Overlay(reference[part.id], part.names) for part in failed]
            results[last.id], training = self._training_part(last, tests.get(last.id), overlays)
            results[last.id].key = key
        return [results[p.id] for p in self._assignment.automatic], training, notes

    def _ask(
        self, parts: Sequence[Part], overlays: Sequence[Overlay] = ()
    ) -> tuple[dict[str, list[TestResult]], list[str]]:
        """The suites of ``parts`` in one worker: part to its tests, and notes on failed cells."""
        with self._start(overlays) as student:
            notes = [
                f"Cell {name} {failure.outcome}: {failure}"
                for name, failure in student.run_cells().items()
            ]
            tests = run_parts(self._assignment, student, parts, self._sources)
        return {part.id: found for part, found in zip(parts, tests, strict=True)}, notes

    def _training_part(
        self, part: Part, tests: list[TestResult] | None, overlays: Sequence[Overlay]
    ) -> tuple[PartResult, Training | None]:
        """The training part's own suite; if that holds, the training run and its tiers.

        Args:
            part: the training part.
            tests: what its suite has said of the notebook without overlays, if it was asked.
            overlays: the reference for failed parts.
        """
        if tests is None or (overlays and any(test.outcome != "passed" for test in tests)):
            # What fails here may do so for the sake of a part that has been marked already.
            tests = self._ask([part], overlays)[0][part.id]
        grader = self._grader
        if grader.exam is None:
            untrained = part_result(part, tests)
            return untrained.model_copy(update={"score": 0.0, "max_score": 0.0}), None
        wrong = [test for test in tests if test.outcome != "passed"]
        if wrong:
            verdict = Verdict([], Wrong(wrong[0].hint_id or wrong[0].hint or ""))
        else:
            verdict = examine(
                self._assignment,
                grader.exam,
                lambda more: self._start([*overlays, *more]),
                grader.clips_path(),
                grader.device,
                encoder_replaced=any("Encoder" in overlay.names for overlay in overlays),
            )
        training = verdict.training
        if training:
            training.flags = flags(training, grader.exam)
            training.held_back = self._assignment.hints.get(verdict.held_back or "")
        awarded = tiers(self._assignment, verdict, self._sources)
        return part_result(part, [*tests, *awarded]), training

    @contextmanager
    def _start(self, overlays: Sequence[Overlay] = ()) -> Iterator[RemoteStudent]:
        student = self._grader.student(self._cells, overlays)
        try:
            with student:
                yield student
        finally:
            self.worker_seconds += student.cpu_seconds
            self.killed |= student.killed
        if student.killed:
            raise HostKilled


_graders: dict[tuple[Path, str], Grader] = {}


def result_for(course: Path, assignment: str, content: bytes, name: str) -> SubmissionResult:
    """The result of one submission: the stored one, else graded now. What nbgrader asks.

    Raises:
        SpeechmarkError: the notebook cannot be read, or level 3 is not to be had.
    """
    key = (course.resolve(), assignment)
    if key not in _graders:
        _graders[key] = Grader(Course(course).assignment(assignment), device="auto")
        atexit.register(_graders[key].close)
    return _graders[key].result(name, content)
