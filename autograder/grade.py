"""One submission, from its bytes to its result.

The notebook is rebuilt from the release, its cells run behind the wall, the hidden suites
question them from this side, the training run goes on inside, and the probe outside.
"""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import torch
from torch import Tensor

from autograder import __version__, notebook
from autograder.assignment import Assignment, Part
from autograder.errors import SpeechmarkError
from autograder.exam import CLIPS_FILE, Exam, choose_corpus, prepare
from autograder.isolation.canaries import Proof, prove
from autograder.isolation.limits import Limits
from autograder.isolation.sandbox import Sandbox
from autograder.isolation.student import Cell, Overlay, RemoteStudent
from autograder.lab.failures import Crashed, Failure, GraderFault, Wrong
from autograder.lab.pretraining import Recipe
from autograder.results import Environment, PartResult, SubmissionResult, TestResult, Training
from autograder.suites import failed_test, part_result, run_parts

RETRY_SEEDS = 1
"""A run short of the threshold is repeated with so many further seeds, and the best counts."""

_LATENT_CLIPS = 300
_LATENT_DIMS = 16
_INSIDE = "/exchange"


def pick_device(wanted: str) -> str:
    """ "cpu" or "cuda" for "auto", "cpu" or "cuda".

    Raises:
        SpeechmarkError: "cuda" was asked for and there is none.
    """
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise SpeechmarkError("No CUDA device is to be had here. Use --device cpu.")
    return wanted


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


def not_graded(name: str, assignment: Assignment, why: str, where: Environment) -> SubmissionResult:
    """The record of a submission that has no grade: nothing is known of its worth."""
    return SubmissionResult(
        name=name,
        assignment=assignment.name,
        key="",
        score=0.0,
        max_score=assignment.max_score,
        parts=[],
        notes=[why],
        graded=False,
        environment=where,
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
    ) -> None:
        torch.set_num_threads(1)
        self.assignment = assignment
        self.device = pick_device(device)
        self.exam: Exam | None = None
        binds: dict[Path, str] = {}
        if train:
            self.exam = prepare(assignment, choose_corpus(assignment, corpus))
            binds = {self.exam.exchange: _INSIDE}
        self._release = notebook.read(assignment.release_notebook)
        self._sandbox = Sandbox(level=level, binds=binds, device=self.device)
        self.proof = proof or prove(level)

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

    def key(self, cells: Sequence[notebook.Cell]) -> str:
        """Hash of all that a result depends on: equal keys have equal results."""
        facts = (
            notebook.digest(cells),
            self.assignment.suites_digest,
            __version__,
            self.device,
            f"{self.exam.corpus} {self.exam.digest}" if self.exam else "no training",
        )
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()

    def rebuild(self, submitted: Path | bytes) -> notebook.Rebuilt:
        """The submission laid into the release.

        Raises:
            SpeechmarkError: it is no notebook that can be read.
        """
        return notebook.rebuild(notebook.read(submitted), self._release)

    def grade(self, name: str, rebuilt: notebook.Rebuilt) -> SubmissionResult:
        """Grade a rebuilt submission. The grader's own faults end in ``graded=False``."""
        started, cpu_started = time.perf_counter(), time.process_time()
        session = _Session(self, rebuilt)
        try:
            parts, training, notes = session.run()
        except GraderFault as fault:
            parts, training, notes = [], None, [f"The grader failed: {fault}"]
        graded = bool(parts) and all(part.outcome != "grader" for part in parts)
        return SubmissionResult(
            name=name,
            assignment=self.assignment.name,
            key=self.key(rebuilt.cells),
            score=round(sum(part.score for part in parts), 2),
            max_score=round(sum(part.max_score for part in parts), 2),
            parts=parts,
            training=training,
            repairs=list(rebuilt.repairs),
            notes=notes,
            graded=graded,
            environment=self.environment(),
            seconds=time.perf_counter() - started,
            cpu_seconds=time.process_time() - cpu_started + session.worker_seconds,
        )

    def student(
        self, cells: Sequence[notebook.Cell], overlays: Sequence[Overlay] = ()
    ) -> RemoteStudent:
        """The notebook with these cells, behind the wall."""
        remote = [Cell(c.id, c.source, locked=c.kind == "setup") for c in cells]
        limits = Limits(cuda=self.device == "cuda")
        return RemoteStudent(lambda: self._sandbox.fork(limits), remote, overlays=overlays)

    def clips_path(self) -> str:
        """Where the worker finds the exam's clips."""
        assert self.exam is not None
        return f"{self._sandbox.inside(self.exam.exchange)}/{CLIPS_FILE}"


class _Session:
    """The grading of one submission."""

    def __init__(self, grader: Grader, rebuilt: notebook.Rebuilt) -> None:
        self._grader = grader
        self._assignment = grader.assignment
        self._cells = rebuilt.cells
        self._sources = {cell.id: cell.source for cell in rebuilt.cells}
        self.worker_seconds = 0.0

    def run(self) -> tuple[list[PartResult], Training | None, list[str]]:
        """Suites of all parts, then the training part with failed parts replaced."""
        training_part = self._assignment.settings.training_part
        first = [p for p in self._assignment.automatic if p.id != training_part]
        last = next(p for p in self._assignment.automatic if p.id == training_part)
        with self._grader.student(self._cells) as student:
            notes = [
                f"Cell {name} {failure.outcome}: {failure}"
                for name, failure in student.run_cells().items()
            ]
            tests = run_parts(self._assignment, student, first, self._sources)
            results = {p.id: part_result(p, t) for p, t in zip(first, tests, strict=True)}
        self.worker_seconds += student.cpu_seconds
        failed = [p for p in first if results[p.id].outcome not in ("passed", "grader")]
        overlays = [Overlay(self._assignment.reference_cells[p.id], p.names) for p in failed]
        for part in failed:
            results[part.id].replaced = True
        results[last.id], training = self._training_part(last, overlays)
        return [results[p.id] for p in self._assignment.automatic], training, notes

    def _training_part(
        self, part: Part, overlays: Sequence[Overlay]
    ) -> tuple[PartResult, Training | None]:
        with self._grader.student(self._cells, overlays) as student:
            (tests,) = run_parts(self._assignment, student, [part], self._sources)
        self.worker_seconds += student.cpu_seconds
        exam = self._grader.exam
        if exam is None:
            untrained = part_result(part, tests)
            return untrained.model_copy(update={"score": 0.0, "max_score": 0.0}), None
        training: Training | None = None
        failure: Failure | None = None
        if all(test.outcome == "passed" for test in tests):
            try:
                training = self._train(exam, overlays)
            except GraderFault:
                raise
            except Failure as error:
                failure = error
        else:
            blamed = next(test for test in tests if test.outcome != "passed")
            failure = Wrong(blamed.hint_id or blamed.hint or "")
        tiers = self._tiers(training, failure)
        return part_result(part, [*tests, *tiers]), training

    def _tiers(self, training: Training | None, failure: Failure | None) -> list[TestResult]:
        tests = []
        for tier in self._assignment.settings.tier:
            reason = failure
            if training is not None:
                bar = getattr(training, tier.above)
                if training.accuracy is None or training.accuracy <= bar:
                    reason = Wrong(tier.hint, f"{training.accuracy} against {bar}")
            tests.append(
                failed_test(
                    tier.name,
                    tier.demand,
                    reason,
                    self._assignment.hints,
                    self._sources,
                    weight=tier.weight,
                )
            )
        return tests

    def _train(self, exam: Exam, overlays: Sequence[Overlay]) -> Training:
        """The training run, repeated on another seed if it falls short; the best counts."""
        best: Training | None = None
        first_seed = self._assignment.settings.training.seed
        for seed in range(first_seed, first_seed + 1 + RETRY_SEEDS):
            training = self._train_once(exam, overlays, seed)
            if best is None or (training.accuracy or 0) > (best.accuracy or 0):
                best = training
            if (best.accuracy or 0) > exam.calibration.threshold:
                break
        assert best is not None
        return best

    def _train_once(self, exam: Exam, overlays: Sequence[Overlay], seed: int) -> Training:
        recipe = Recipe()
        with self._grader.student(self._cells, overlays) as student:
            answer = student.train(
                exchange=self._grader.clips_path(),
                seed=seed,
                recipe={"steps": exam.calibration.steps},
                device=self._grader.device,
            )
        self.worker_seconds += student.cpu_seconds
        before, after = (_embeddings(answer, k, len(exam.digits)) for k in ("before", "after"))
        recipe = replace(recipe, steps=exam.calibration.steps)
        latent, shown = _latent(after, ~exam.is_train)
        return Training(
            corpus=exam.corpus,
            digest=exam.digest,
            steps=recipe.steps,
            seed=seed,
            accuracy=exam.probe(after),
            untrained=exam.probe(before),
            log_mel=exam.log_mel,
            threshold=exam.calibration.threshold,
            knn=exam.knn(after),
            losses=_losses(answer),
            latent=latent,
            latent_digits=exam.digits[shown].tolist(),
            latent_speakers=[exam.speakers[i] for i in shown.tolist()],
            cpu_seconds=_number(answer.get("cpu_seconds")),
            diagnostics={"pairs": float(recipe.pairs)},
        )


def _embeddings(answer: dict[str, Any], key: str, clips: int) -> Tensor:
    """The worker's embeddings, if they are that.

    Raises:
        Crashed: they are not [clips, dim] finite floats.
    """
    value = answer.get(key)
    if not isinstance(value, Tensor) or value.ndim != 2 or len(value) != clips:
        raise Crashed("ValueError", "the encoder's output is not [batch, dim]")
    value = value.detach().float()
    if not value.isfinite().all():
        raise Wrong("representation.not_finite", "embeddings are not finite")
    return value


def _latent(embeddings: Tensor, is_test: Tensor) -> tuple[list[list[float]], Tensor]:
    """The first test clips in a few principal components, small enough to keep."""
    shown = is_test.nonzero()[:_LATENT_CLIPS, 0]
    centred = embeddings[shown] - embeddings[shown].mean(0)
    u, s, _ = torch.linalg.svd(centred, full_matrices=False)
    points = (u * s)[:, :_LATENT_DIMS]
    return [[round(x, 3) for x in row] for row in points.tolist()], shown


def _losses(answer: dict[str, Any]) -> list[float]:
    losses = answer.get("losses")
    return [_number(x) for x in losses[:10_000]] if isinstance(losses, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
