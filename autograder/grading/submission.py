"""The grading of one submission: suites of all parts, then the training run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autograder import notebooks
from autograder.course.results import PartResult, SubmissionResult, TestResult, Training
from autograder.course.settings import Part
from autograder.grading import measures
from autograder.grading.diagnosis import Verdict, examine
from autograder.grading.suites import part_result, run_parts
from autograder.grading.tiers import awarded
from autograder.grading.training import Trial
from autograder.isolation.remote.student import HostKilled, Overlay, RemoteStudent
from autograder.lab.testing.failures import Wrong

if TYPE_CHECKING:
    from autograder.grading.grader import Grader


class Session:
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
        training = self._assignment.settings.training
        last = self._assignment.part(training.part) if training else None
        first = [part for part in self._assignment.automatic if part != last]
        keys = {part.id: self._key(digests[part.id]) for part in first}
        results = {part: self._known[key] for part, key in keys.items() if key in self._known}
        notes = self._before.notes if self._before else []
        asked = [part for part in first if part.id not in results]
        tests: dict[str, list[TestResult]] = {}
        if asked:
            tests, notes = self._ask([*asked, *([last] if last else [])])
        for part in asked:
            results[part.id] = part_result(part, tests[part.id], keys[part.id])
        record = None
        if last:
            failed = [p for p in first if results[p.id].outcome not in ("passed", "grader")]
            for part in first:
                results[part.id].replaced = part in failed
            key = self._key(f"{digests[last.id]} {self._assignment.training_digest(failed)}")
            if self._before and (known := self._known.get(key)):
                results[last.id], record = known, self._before.training
            else:
                reference = self._assignment.reference_cells
                overlays = [Overlay(reference[part.id], part.names) for part in failed]
                results[last.id], record = self._training_part(last, tests.get(last.id), overlays)
                results[last.id].key = key
        return [results[p.id] for p in self._assignment.automatic], record, notes

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
        if tests is None or (overlays and not all(test.held for test in tests)):
            # What fails here may do so for the sake of a part that has been marked already.
            tests = self._ask([part], overlays)[0][part.id]
        grader = self._grader
        if grader.exam is None:
            untrained = part_result(part, tests)
            return untrained.model_copy(update={"score": 0.0, "max_score": 0.0}), None
        wrong = [test for test in tests if not test.held]
        if wrong:
            verdict = Verdict([], Wrong(wrong[0].hint_id or wrong[0].hint or ""))
        else:
            verdict = examine(
                Trial(self._assignment, grader.exam, grader.device),
                lambda more: self._start([*overlays, *more], training=True),
                replaced=[name for overlay in overlays for name in overlay.names],
            )
        record = verdict.training
        if record:
            record.flags = measures.flags(self._assignment, record, grader.exam.calibration)
            record.cause = self._assignment.hints.get(verdict.cause or "")
        tiers = awarded(
            self._assignment, verdict.counted, verdict.failure, verdict.cause, self._sources
        )
        return part_result(part, [*tests, *tiers]), record

    @contextmanager
    def _start(
        self, overlays: Sequence[Overlay] = (), training: bool = False
    ) -> Iterator[RemoteStudent]:
        student = self._grader.student(self._cells, overlays, training)
        try:
            with student:
                yield student
        finally:
            self.worker_seconds += student.cpu_seconds
            self.killed |= student.killed
        if student.killed:
            raise HostKilled
