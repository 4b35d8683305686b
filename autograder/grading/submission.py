"""The grading of one submission: suites of all parts, then the training run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial

from autograder import notebooks
from autograder.course.assignment import Assignment
from autograder.course.results import PartResult, SubmissionResult, TestResult, Training
from autograder.course.settings import Part
from autograder.grading import measures
from autograder.grading.diagnosis import Verdict, examine
from autograder.grading.exam import Exam
from autograder.grading.suites import muted, part_result, run_parts
from autograder.grading.tiers import awarded
from autograder.grading.training import Trial
from autograder.grading.workers import Workers, run_order
from autograder.isolation.remote.conversation import HostKilled, Overlay
from autograder.isolation.remote.deadlines import Budget
from autograder.isolation.remote.student import RemoteStudent
from autograder.lab.testing.failures import Wrong
from autograder.notebooks.cells import defined

_FINAL = ("passed", "grader", "timeout")
"""Outcomes after which a part is not asked again; another time limit would be paid for nothing."""


class Session:
    """The grading of one submission."""

    def __init__(
        self,
        assignment: Assignment,
        workers: Workers,
        exam: Exam | None,
        rebuilt: notebooks.Rebuilt,
        before: SubmissionResult | None,
        key: Callable[[str], str],
    ) -> None:
        self._assignment = assignment
        self._workers = workers
        self._exam = exam
        self._cells = rebuilt.cells
        self._sources = {cell.id: cell.source for cell in rebuilt.cells}
        self._before = before
        self._known = {part.key: part for part in before.parts} if before else {}
        self._key = key
        self._cells_budget = workers.budget()
        self._training_budgets: dict[bool, Budget] = {}
        """Of the submission's own runs, and of those in which the reference stands in for more."""
        self.worker_seconds = 0.0
        self.killed = False
        """Whether the host killed a worker."""
        self._needs_the_end = False
        """Whether a part is right only when the whole notebook has been run."""

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
        found: dict[str, PartResult] = {}
        if asked:
            found, notes = self._ask_in_order([*asked, *([last] if last else [])])
        for part in asked:
            results[part.id] = found[part.id].model_copy(update={"key": keys[part.id]})
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
                its = found[last.id].tests if last.id in found else None
                results[last.id], record = self._training_part(last, its, overlays)
                results[last.id].key = key
        return [results[p.id] for p in self._assignment.automatic], record, notes

    def _ask_in_order(self, parts: Sequence[Part]) -> tuple[dict[str, PartResult], list[str]]:
        """Each part as the notebook stands at its graded cell; what fails once more at the end.

        A helper may stand in a later cell, and an experiment in a later cell may redefine what
        was right: the better of both counts.

        Returns:
            Part to its result, and notes on cells that failed.
        """
        results: dict[str, PartResult] = {}
        with self._start() as student:
            for part in sorted(parts, key=lambda part: self._place(part.id)):
                student.go_to(self._place(part.id))
                results[part.id] = self._asked(student, part)
            short = [part for part in parts if results[part.id].outcome not in _FINAL]
            places = {part.id: self._place(part.id) for part in short}
            student.go_to(self._last)
            for part in short:
                if places[part.id] < self._last and self._code_after(places[part.id]):
                    again = self._asked(student, part)
                    if again.score > results[part.id].score or again.outcome == "grader":
                        results[part.id] = again
                        self._needs_the_end = True
            notes = [
                f"Cell {name} {failure.outcome}: {failure}"
                for name, failure in student.run_cells().items()
            ]
        return results, notes

    def _asked(self, student: RemoteStudent, part: Part) -> PartResult:
        return part_result(part, run_parts(self._assignment, student, [part], self._sources)[0])

    @cached_property
    def _run(self) -> list[notebooks.Cell]:
        return run_order(self._cells)

    @property
    def _last(self) -> int:
        return len(self._run)

    def _place(self, part: str) -> int:
        """How many cells are run before the graded cell of ``part``; all if it has none."""
        before: list[notebooks.Cell] = []
        for cell in self._cells:
            if cell.kind == "graded" and cell.part == part:
                late = [c for c in self._cells if c.kind == "setup" and c not in before]
                return len(before) + len(late)
            if cell.kind != "graded":
                before.append(cell)
        return self._last

    def _code_after(self, place: int) -> bool:
        """Whether anything of the student's is run after the first ``place`` cells."""
        return any(cell.kind != "setup" for cell in self._run[place:])

    def _ways_to_train(self) -> list[int]:
        """After how many cells the training run is made: at its own graded cell, then at the end.

        The end is tried only where that may be better: a later cell defines what the run needs, or
        a part was right only there.
        """
        training = self._assignment.training
        place = self._place(training.part)
        later = (defined(cell.source) for cell in self._run[place:] if cell.kind != "setup")
        ways = [] if self._needs_the_end else [place]
        if self._needs_the_end or any(not names.isdisjoint(training.needs) for names in later):
            ways.append(self._last)
        return ways

    def _training_part(
        self, part: Part, tests: Sequence[TestResult] | None, overlays: Sequence[Overlay]
    ) -> tuple[PartResult, Training | None]:
        """The training part's own suite; if that holds, the training run and its tiers.

        Args:
            part: the training part.
            tests: what its suite has said of the notebook without overlays, if it was asked.
            overlays: the reference for failed parts.
        """
        if tests is None or (overlays and not all(test.held for test in tests)):
            # What fails here may do so for the sake of a part that has been marked already.
            tests = self._asked_with(part, overlays)
        if self._exam is None:
            untrained = part_result(part, tests)
            return untrained.model_copy(update={"score": 0.0, "max_score": 0.0}), None
        wrong = [test for test in tests if not test.held]
        if wrong:
            ended = Verdict([], Wrong(wrong[0].hint_id or wrong[0].hint or ""))
            return self._awarded(part, tests, ended, overlays)
        best: tuple[PartResult, Training | None] | None = None
        for count in self._ways_to_train():
            verdict = examine(
                Trial(self._assignment, self._exam, self._workers.device),
                partial(self._start_training, overlays, count),
                replaced=[name for overlay in overlays for name in overlay.names],
            )
            found = self._awarded(part, tests, verdict, overlays)
            if best is None or found[0].score > best[0].score:
                best = found
            if best[0].outcome == "passed":
                break
        assert best is not None
        return best

    def _asked_with(self, part: Part, overlays: Sequence[Overlay]) -> list[TestResult]:
        """The tests of a part's suite, with the reference for other parts."""
        count = self._last if self._needs_the_end else self._place(part.id)
        with self._start(overlays, count=count) as student:
            tests = self._asked(student, part).tests
        return [muted(test) for test in tests] if overlays else tests

    def _awarded(
        self,
        part: Part,
        tests: Sequence[TestResult],
        verdict: Verdict,
        overlays: Sequence[Overlay],
    ) -> tuple[PartResult, Training | None]:
        """The part with its tiers, and the run on record."""
        exam, record = self._exam, verdict.training
        if record and exam:
            record.flags = measures.flags(self._assignment, record, exam.calibration)
            record.cause = self._assignment.hints.get(verdict.cause or "")
        tiers = awarded(
            self._assignment, verdict.counted, verdict.failure, verdict.cause, self._sources
        )
        tiers = [muted(tier) for tier in tiers] if overlays else tiers
        return part_result(part, [*tests, *tiers]), record

    def _start_training(
        self, overlays: Sequence[Overlay], count: int, more: Sequence[Overlay]
    ) -> AbstractContextManager[RemoteStudent]:
        stands_in = bool(more)
        if stands_in not in self._training_budgets:
            self._training_budgets[stands_in] = self._workers.budget(training=True)
        budget = self._training_budgets[stands_in]
        return self._start([*overlays, *more], training=True, count=count, budget=budget)

    @contextmanager
    def _start(
        self,
        overlays: Sequence[Overlay] = (),
        training: bool = False,
        count: int = 0,
        budget: Budget | None = None,
    ) -> Iterator[RemoteStudent]:
        """The notebook in a fresh worker.

        Args:
            overlays: the reference for some names.
            training: for the training run.
            count: how many of its cells are run at first.
            budget: what its workers may use; default: what is left for cells and calls.
        """
        budget = budget or self._cells_budget
        student = self._workers.student(self._run, overlays, training, budget)
        student.go_to(count)
        try:
            with student:
                yield student
        finally:
            self.worker_seconds += student.cpu_seconds
            self.killed |= student.killed
        if student.killed:
            raise HostKilled
