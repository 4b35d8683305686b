"""Thresholds that are measured: the training run over many seeds, right and wrong variants.

A variant is the solved notebook with one solution of ``right/`` or ``wrong/`` laid in. Each
variant and seed is one training run behind the wall, exactly as in grading. A run is kept
as soon as it is there, so a calibration can be interrupted and goes on.

The threshold is the highest that leaves every correct variant at most one chance in a
thousand of falling short twice, since grading repeats a short run once on another seed. The
chance of one short run is that of Student's t: the variant's mean, the deviation within
variants pooled over all correct ones, and the uncertainty of both.

Correct are the reference, and those free designs of the views in ``right/`` that close half
of the gap between the plain log-mel and the reference: less is what the threshold is there to
tell. Right encoders do not lower it, however slowly they learn, since the reference's stands
in for them (:func:`autograder.grading.training.examine`); both must fall short for them to fail.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Literal

import torch
from scipy.stats import t as student_t

from autograder import __version__, notebooks
from autograder.authoring.audit import solutions
from autograder.batch.bulk import Job, work
from autograder.course.assignment import Assignment, kit_digest
from autograder.course.compose import solved
from autograder.course.settings import CorpusCalibration, VariantRuns
from autograder.grading.grader import Grader
from autograder.grading.training import train_once
from autograder.lab.pretraining import Recipe
from autograder.lab.testing.failures import Failure
from autograder.support import files
from autograder.support.errors import SpeechmarkError

ALLOWED = 1e-3
"""Largest chance of failing a correct solution, the repeat included."""

_FIRST_SEED = 100
_STEP = 0.005

Kind = Literal["reference", "right", "views", "wrong"]
"""``right``: encoders of ``right/``; ``views``: the two augmentations of ``right/``."""

_SEEDS: dict[Kind, tuple[int, int]] = {
    "reference": (24, 8),
    "views": (2, 1),
    "right": (1, 0),
    "wrong": (1, 0),
}
"""How many of each kind, in the order in which they are run; of a quick calibration."""

_REFERENCE = "reference"
_VIEWS = "representation"
TRAINED_PARTS = ("encoder", "info_nce", "representation")
"""Parts whose solutions change the training run."""


@dataclass(frozen=True)
class Run:
    """One training run to make: a variant, a seed, and the notebook."""

    variant: str
    kind: Kind
    seed: int
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """How a run went; accuracies are None when the student's code ended it."""

    accuracy: float | None
    untrained: float | None
    log_mel: float
    digest: str
    signals: dict[str, float] = field(default_factory=dict)
    """Label-free, see :mod:`autograder.lab.diagnostics`; empty when the run was ended."""


def plan(assignment: Assignment, quick: bool) -> list[Run]:
    """The runs of a calibration: many seeds of the reference, some of every other variant.

    A quick one leaves out what does not move the threshold.
    """
    variants: list[tuple[str, Kind, bytes]] = [(_REFERENCE, "reference", solved(assignment))]
    for kind in ("right", "wrong"):
        for solution in solutions(assignment.folder, kind):
            # Right losses all have the same values, so they train as the reference does.
            matters = solution.part != "info_nce" or kind == "wrong"
            if solution.part in TRAINED_PARTS and matters:
                content = solved(assignment, {solution.part: solution.source})
                shown: Kind = "views" if kind == "right" and solution.part == _VIEWS else kind
                variants.append((solution.path.stem, shown, content))
    return [
        Run(name, kind, _FIRST_SEED + seed, content)
        for kind in _SEEDS
        for name, its, content in variants
        if its == kind
        for seed in range(_SEEDS[kind][quick])
    ]


def calibrate(
    assignment: Assignment,
    job: Job,
    jobs: int,
    quick: bool = False,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> CorpusCalibration:
    """Make the runs that are not there yet, and set the threshold that follows from all.

    Args:
        assignment: whose solutions.
        job: how to grade; names the corpus.
        jobs: number of processes.
        quick: fewer seeds and no wrong variants, for a term's refresh.
        advance: told how many runs are done, of how many.

    Raises:
        SpeechmarkError: a run of the reference failed.
    """
    runs = plan(assignment, quick)
    folder = assignment.course.state / "calibration" / assignment.name / str(job.corpus)
    kept = {run: _load(folder, run) for run in runs}
    advance(sum(o is not None for o in kept.values()), len(runs))
    missing = [run for run, outcome in kept.items() if outcome is None]
    for run, outcome in work(job, _train, missing, jobs):
        if outcome is None:
            raise SpeechmarkError(f"{run.variant}, seed {run.seed}: the grader's process died.")
        files.write(_path(folder, run), json.dumps(vars(outcome)).encode())
        kept[run] = outcome
        advance(sum(o is not None for o in kept.values()), len(runs))
    return conclude({run: outcome for run, outcome in kept.items() if outcome})


def conclude(outcomes: dict[Run, Outcome]) -> CorpusCalibration:
    """The threshold that follows from ``outcomes``, and what it means for each variant.

    Raises:
        SpeechmarkError: a run of the reference has no accuracy.
    """
    accuracies: dict[str, list[float]] = {}
    kinds: dict[str, Kind] = {}
    signals: dict[str, list[dict[str, float]]] = {}
    for run, outcome in outcomes.items():
        kinds[run.variant] = run.kind
        if outcome.accuracy is None and run.kind == "reference":
            raise SpeechmarkError(f"{run.variant}, seed {run.seed}: training failed.")
        accuracies.setdefault(run.variant, []).append(outcome.accuracy or 0.0)
        if outcome.signals:
            signals.setdefault(run.variant, []).append(outcome.signals)
    first = next(iter(outcomes.values()))
    half = (mean(accuracies[_REFERENCE]) + first.log_mel) / 2
    correct = {
        name: a
        for name, a in accuracies.items()
        if name == _REFERENCE or (kinds[name] == "views" and mean(a) > half)
    }
    spread, freedom = pooled_deviation(list(correct.values()))
    threshold = highest_threshold(list(correct.values()), spread, freedom)

    def chance(name: str) -> float:
        own = chance_of_failing(threshold, accuracies[name], spread, freedom)
        return own * chance(_REFERENCE) if kinds[name] == "right" else own

    variants = {
        name: VariantRuns(
            kind=kinds[name],
            accuracies=tuple(a),
            chance_of_failing=chance(name),
            correct=name in correct or kinds[name] == "right",
            signals=_means(signals.get(name, [])),
        )
        for name, a in accuracies.items()
    }
    return CorpusCalibration(
        threshold=threshold,
        steps=Recipe().steps,
        margin=round(min(min(a) for a in correct.values()) - threshold, 4),
        chance_of_failing=max(v.chance_of_failing for v in variants.values() if v.correct),
        log_mel=first.log_mel,
        untrained=tuple(o.untrained or 0.0 for r, o in outcomes.items() if r.kind == "reference"),
        variants=variants,
        digest=first.digest,
        made_with={
            "kit": __version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
            "machine": platform.machine(),
            "threads": "1",
        },
    )


def _means(signals: Sequence[dict[str, float]]) -> dict[str, float]:
    """Each signal averaged over runs."""
    names = signals[0] if signals else ()
    return {n: round(sum(run[n] for run in signals) / len(signals), 4) for n in names}


def save(assignment: Assignment, corpus: str, found: CorpusCalibration) -> None:
    """Put a corpus's calibration into ``calibration.json``, beside those of the others."""
    every = {**assignment.calibrations, corpus: found}
    content = {name: every[name].model_dump(mode="json") for name in sorted(every)}
    text = json.dumps(content, indent=1) + "\n"
    files.write(assignment.folder / "calibration.json", text.encode())


def pooled_deviation(groups: Sequence[Sequence[float]]) -> tuple[float, int]:
    """Standard deviation within groups, pooled, and its degrees of freedom."""
    squares = sum((x - sum(g) / len(g)) ** 2 for g in groups for x in g)
    freedom = sum(len(g) - 1 for g in groups)
    return math.sqrt(squares / freedom), freedom


def chance_of_failing(
    threshold: float, accuracies: Sequence[float], spread: float, freedom: int
) -> float:
    """Chance that two further runs of a variant both end at or below ``threshold``."""
    n = len(accuracies)
    once = student_t.cdf((threshold - mean(accuracies)) / (spread * math.sqrt(1 + 1 / n)), freedom)
    return float(once**2)


def highest_threshold(groups: Sequence[Sequence[float]], spread: float, freedom: int) -> float:
    """The highest multiple of 0.005 at which no group fails with a chance above one in 1,000."""
    threshold = 1.0
    while max(chance_of_failing(threshold, g, spread, freedom) for g in groups) > ALLOWED:
        threshold -= _STEP
    return round(threshold, 3)


def _train(grader: Grader, run: Run) -> Outcome:
    exam = grader.exam
    assert exam is not None
    rebuilt = notebooks.rebuild(notebooks.read(run.content), grader.release)
    accuracy = untrained = None
    signals: dict[str, float] = {}
    try:
        result = train_once(
            exam,
            lambda: grader.student(rebuilt.cells),
            grader.clips_path(),
            grader.device,
            run.seed,
        )
        accuracy, untrained = result.accuracy, result.untrained
        signals = {n: v for n, v in result.diagnostics.items() if math.isfinite(v)}
        del signals["pairs"]
    except Failure as failure:
        if failure.outcome == "grader":
            raise
    return Outcome(accuracy, untrained, exam.log_mel, exam.digest, signals)


def _path(folder: Path, run: Run) -> Path:
    code = [c["source"] for c in json.loads(run.content)["cells"] if c["cell_type"] == "code"]
    facts = json.dumps([kit_digest("lab"), run.seed, code])
    return (
        folder / f"{run.variant}_{run.seed}_{hashlib.sha256(facts.encode()).hexdigest()[:16]}.json"
    )


def _load(folder: Path, run: Run) -> Outcome | None:
    try:
        return Outcome(**json.loads(_path(folder, run).read_text()))
    except (OSError, ValueError, TypeError):
        return None
