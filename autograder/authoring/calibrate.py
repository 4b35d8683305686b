"""The training run over many seeds, of right and wrong variants, from which bars follow.

A variant is the solved notebook with one solution of ``right/`` or ``wrong/`` laid in: every right
one of a free part, those wrong ones that ask for it (``calibrate: yes``), and those of ``weak/``,
which no suite can tell from right ones and only the run has to catch. Each variant and seed is one
training run behind the wall, exactly as in grading. A run is kept as soon as it is there, so a
calibration can be interrupted and goes on. What follows is in :mod:`autograder.authoring.bars`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from autograder import notebooks
from autograder.authoring.audit import solutions
from autograder.authoring.bars import REFERENCE, UNTRAINED, Outcome, Run, conclude
from autograder.batch.bulk import pool_map
from autograder.course.assignment import Assignment
from autograder.course.calibration import CorpusCalibration, Kind, as_text
from autograder.course.compose import solved
from autograder.course.names import check_names
from autograder.course.settings import TrainingSettings
from autograder.grading.grader import Grader
from autograder.grading.job import Job
from autograder.grading.training import Trial, make
from autograder.lab.testing.failures import Failure
from autograder.store.conditions import kit_digest
from autograder.support import files
from autograder.support.errors import SpeechmarkError

TENTH = "a tenth of the steps"

_FIRST_SEED = 100

_ELSEWHERE = 1000
"""So far from its "before" is the seed of an untrained run's "after"."""

_CODE = tuple(
    f"lab/{name}.py"
    for name in ("diagnostics", "embedding", "probing", "training", "views", "testing/seeding")
)
"""The kit's own code on which a run's figures depend; a change of it discards kept runs."""

SEEDS: dict[Kind, tuple[int, int]] = {
    "reference": (24, 8),
    "untrained": (4, 0),
    "tenth": (24, 0),
    "free": (2, 1),
    "stood_in": (1, 0),
    "wrong": (1, 0),
}
"""How many of each kind, in the order in which they are run; of a quick calibration."""

_BEGINNINGS = (48, 12)
"""Untrained runs of the reference: they cost little, and only their upper end matters."""


def plan(assignment: Assignment, quick: bool) -> list[Run]:
    """The runs of a calibration: many seeds of the reference, some of every other variant.

    A quick one leaves out what does not move a bar.
    """
    training = assignment.training
    reference = solved(assignment)
    variants: list[tuple[str, Kind, bytes, int]] = [(REFERENCE, "reference", reference, 0)]
    variants.append((UNTRAINED, "untrained", reference, _BEGINNINGS[quick]))
    if isinstance(training.recipe.get("steps"), int):
        variants.append((TENTH, "tenth", reference, 0))
    for folder in ("right", "wrong", "weak"):
        for solution in solutions(assignment.folder, folder):
            part = assignment.part(solution.part)
            trained = not set(part.names).isdisjoint(training.needs)
            tried = {"right": part.free, "wrong": solution.runs > 0, "weak": True}
            if trained and tried[folder]:
                content = solved(assignment, {solution.part: solution.source})
                kind = _kind(training, folder, part.id)
                asked = 0 if quick else solution.runs
                variants.append((solution.path.stem, kind, content, asked))
                if kind == "stood_in":
                    variants.append((UNTRAINED, "untrained", content, 0))
    return [
        Run(name, kind, _FIRST_SEED + seed, content)
        for kind in SEEDS
        for name, its, content, asked in variants
        if its == kind
        for seed in range(max(SEEDS[kind][quick], asked))
    ]


def _kind(training: TrainingSettings, folder: str, part: str) -> Kind:
    if folder != "right":
        return "wrong"
    counting = training.counting
    return "stood_in" if counting and counting.part == part else "free"


def calibrate(
    job: Job,
    jobs: int,
    quick: bool = False,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> CorpusCalibration:
    """Make the runs that are not there yet, and set the bars that follow from all.

    Args:
        job: whose solutions, and how to grade; names the corpus.
        jobs: number of processes; 0 for as many as fit.
        quick: fewer seeds and no wrong variants, for a term's refresh.
        advance: told how many runs are done, of how many.

    Raises:
        SpeechmarkError: a run of the reference failed, or nothing is to be calibrated.
    """
    assignment = job.assignment
    if not assignment.training.calibrated:
        raise SpeechmarkError(
            f"{assignment.name}: no measure has calibrated = true, so there is no bar to find."
        )
    check_names(assignment)
    runs = plan(assignment, quick)
    folder = assignment.course.state / "calibration" / assignment.name / str(job.corpus)
    kept = {run: _load(assignment, folder, run) for run in runs}
    advance(sum(o is not None for o in kept.values()), len(runs))
    missing = [run for run, outcome in kept.items() if outcome is None]
    for run, outcome in pool_map(job, _train, missing, jobs):
        if outcome is None:
            raise SpeechmarkError(f"{run.variant}, seed {run.seed}: the grader's process died.")
        files.write(_path(assignment, folder, run), json.dumps(vars(outcome)).encode())
        kept[run] = outcome
        advance(sum(o is not None for o in kept.values()), len(runs))
    return conclude(assignment.training, {run: o for run, o in kept.items() if o})


def save(assignment: Assignment, corpus: str, found: CorpusCalibration) -> None:
    """Put a corpus's calibration into ``calibration.json``, beside those of the others.

    A file of an older schema is replaced.
    """
    try:
        every = dict(assignment.calibrations)
    except SpeechmarkError:
        every = {}
    text = as_text({**every, corpus: found})
    files.write(assignment.folder / "calibration.json", text.encode())


def _train(grader: Grader, run: Run) -> Outcome:
    exam = grader.exam
    assert exam is not None
    assignment = grader.assignment
    rebuilt = notebooks.rebuild(notebooks.read(run.content), grader.release)
    settings = assignment.training
    recipe = dict(settings.recipe)
    if run.kind == "tenth":
        recipe["steps"] = max(1, recipe["steps"] // 10)
    other = run.seed + _ELSEWHERE if run.kind == "untrained" else None
    trial = Trial(assignment, exam, grader.device, run.seed, "long", recipe, other)
    start = partial(grader.workers.student, rebuilt.cells, training=True)
    try:
        long = make(trial, start)
        short = None
        if settings.short_recipe is not None and run.kind in ("reference", "free"):
            trial = Trial(assignment, exam, grader.device, run.seed, "short")
            before = long.observed.before
            short = make(trial, start, before)
    except Failure as failure:
        if failure.outcome == "grader":
            raise
        return Outcome(exam.digest)
    return Outcome(
        exam.digest,
        long.training.measures,
        short.training.measures if short else {},
        {n: v for n, v in long.training.signals.items() if math.isfinite(v)},
    )


def _path(assignment: Assignment, folder: Path, run: Run) -> Path:
    release = notebooks.read(assignment.release_notebook)
    work = notebooks.digest(notebooks.rebuild(notebooks.read(run.content), release).cells)
    training = assignment.training
    decide = training.model_dump_json(include={"recipe", "short", "measure", "inputs"})
    own = assignment.measures_file
    more = own.read_text(encoding="utf-8") if own.is_file() else ""
    source = assignment.training_source
    facts = json.dumps([kit_digest(*_CODE), decide, more, source, run.kind, run.seed, work])
    digest = hashlib.sha256(facts.encode()).hexdigest()[:16]
    return folder / f"{run.variant.replace(' ', '_')}_{run.seed}_{digest}.json"


def _load(assignment: Assignment, folder: Path, run: Run) -> Outcome | None:
    try:
        kept = json.loads(_path(assignment, folder, run).read_text())
        return Outcome(**{name: kept[name] for name in Outcome.__dataclass_fields__})
    except (OSError, ValueError, TypeError, LookupError):
        return None
