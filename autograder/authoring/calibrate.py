"""Bars that are measured: the training run over many seeds, right and wrong variants.

A variant is the solved notebook with one solution of ``right/`` or ``wrong/`` laid in: every right
one of a free part, those wrong ones that ask for it (``calibrate: yes``), and those of ``weak/``,
which no suite can tell from right ones and only the run has to catch. Each variant and seed is one
training run behind the wall, exactly as in grading. A run is kept as soon as it is there, so a
calibration can be interrupted and goes on.

Correct are the reference, and those right solutions of free parts that gain at least half of
what the reference gains over untrained networks: less is what the bar is there to tell. Of a
part for which the reference stands in where a run falls short, no solution lowers the bar,
however slowly it learns.

The bar is the highest that is fair to all of these. Where luck would clear every tier, a network
that was never trained and its "before" from another random beginning, it is the lowest that luck
does not clear: right solutions that fall short of that one are not among the correct, and a
corpus whose reference does cannot carry a bar.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

import torch

from autograder import __version__, notebooks
from autograder.authoring import threshold
from autograder.authoring.audit import solutions
from autograder.batch.bulk import pool_map
from autograder.course.assignment import Assignment, kit_digest
from autograder.course.calibration import CorpusCalibration, Kind, Variant, as_text
from autograder.course.compose import solved
from autograder.course.names import check_names
from autograder.course.settings import TrainingSettings
from autograder.grading import tiers
from autograder.grading.grader import Grader
from autograder.grading.job import Job
from autograder.grading.training import Trial, make
from autograder.lab.testing.failures import Failure
from autograder.support import files
from autograder.support.errors import SpeechmarkError

REFERENCE = "reference"
UNTRAINED = "untrained"
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


@dataclass(frozen=True)
class Run:
    """One training run to make: a variant, a seed, and the notebook."""

    variant: str
    kind: Kind
    seed: int
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """What was measured of a run: nothing if the student's code ended it."""

    digest: str
    long: dict[str, float] = field(default_factory=dict)
    short: dict[str, float] = field(default_factory=dict)
    signals: dict[str, float] = field(default_factory=dict)


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


def conclude(settings: TrainingSettings, outcomes: Mapping[Run, Outcome]) -> CorpusCalibration:
    """The bars that follow from ``outcomes``, and what they mean for each variant.

    Raises:
        SpeechmarkError: a run of the reference was ended.
    """
    kinds: dict[str, Kind] = {}
    by_variant: dict[str, list[Outcome]] = defaultdict(list)
    for run, outcome in outcomes.items():
        if not outcome.long and run.kind == "reference":
            raise SpeechmarkError(f"{run.variant}, seed {run.seed}: training failed.")
        kinds[run.variant] = run.kind
        by_variant[run.variant].append(outcome)
    chances = _Chances(settings, by_variant, _correct(settings, kinds, by_variant))

    def variant(name: str) -> Variant:
        runs = by_variant[name]
        stood_in = kinds[name] == "stood_in"
        is_correct = name in chances.correct or stood_in
        caught_by = ""
        if is_correct:
            chance = chances.of_failing(name)
            if stood_in:  # both must fall short for it to fail
                chance *= chances.of_failing(REFERENCE)
        elif kinds[name] == "untrained":
            chance = chances.of_luck()
        else:
            chance, caught_by = chances.of_clearing(name)
        return Variant(
            kind=kinds[name],
            values=_columns([o.long for o in runs]),
            short=_columns([o.short for o in runs]),
            correct=is_correct,
            chance=chance,
            caught_by=caught_by,
            signals=_means([o.signals for o in runs if o.signals]),
        )

    variants = {name: variant(name) for name in by_variant}
    first = next(iter(outcomes.values()))
    return CorpusCalibration(
        bars=chances.bars,
        short_bars=chances.short_bars,
        recipe=settings.recipe,
        chance_of_failing=max(v.chance for v in variants.values() if v.correct),
        baselines={
            measure.name: first.long[measure.name]
            for measure in settings.measure
            if measure.of == "log_mel"
        },
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


_Measured = Mapping[str, float]
"""Measure to value, of one run."""


class _Chances:
    """The bars, and the chances of the whole procedure: a short run if there is one, long ones.

    Correct work fails if every long run is short of some bar; a short run before them only helps.
    What is not correct clears if any run reaches every tier.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        by_variant: Mapping[str, Sequence[Outcome]],
        candidates: Sequence[str],
    ) -> None:
        self._settings = settings
        self._by_variant = by_variant
        self._tries = 1 + settings.repeats
        luck = [o.long for o in by_variant.get(UNTRAINED, ()) if o.long]
        # Solutions that differ only in what is not embedded have the same beginnings.
        self._luck = list({tuple(run.values()): run for run in luck}.values())
        self.correct = list(candidates)
        self.bars = self._fair_bars()
        last = settings.headline.name
        floor = self._floor(last) if last in self.bars else 0.0
        if floor > self.bars.get(last, 0.0):
            self.bars[last] = floor
            self.correct = [
                name
                for name in candidates
                if self._short_of(last, name) ** self._tries <= threshold.ALLOWED
            ]
            if REFERENCE not in self.correct:
                raise SpeechmarkError(
                    f"This corpus cannot carry a bar: untrained networks clear any below "
                    f"{floor:.3f} too often, and the reference falls short of that one."
                )
        self.short_bars: dict[str, float] = {}
        for measure in self.bars if settings.short else ():
            short = [o.short[measure] for o in by_variant[REFERENCE] if measure in o.short]
            if short:
                bar = threshold.cleared_by_most(short)
                bar = max(bar, floor) if measure == last else bar
                self.short_bars[measure] = min(bar, self.bars[measure])

    def _fair_bars(self) -> dict[str, float]:
        """Each measure's highest fair bar; all share the allowed chance of failing right work."""
        found = {}
        measures = [measure.name for measure in self._settings.calibrated]
        for measure in measures:
            groups = [self._values(name, measure) for name in self.correct]
            share = threshold.ALLOWED / len(measures)
            found[measure] = threshold.highest(groups, self._tries, share)
        return found

    def _floor(self, measure: str) -> float:
        """The lowest bar of one measure that keeps luck out; the other bars are as they are."""
        runs = self._tries + (self._settings.short is not None)

        def chance(bar: float) -> float:
            return self._once_by_luck({**self.bars, measure: bar})

        return threshold.lowest(chance, threshold.ALLOWED / runs)

    def _once_by_luck(self, bars: Mapping[str, float]) -> float:
        """Chance that one untrained run reaches every tier."""
        return threshold.chance_above(0.0, self._hardest(self._luck, bars)) if self._luck else 0.0

    def _hardest(self, runs: Sequence[_Measured], bars: Mapping[str, float]) -> list[float]:
        """How far each run is above the bar of the tier that is hardest for it."""
        return [min(tiers.margins(run, bars, self._settings).values()) for run in runs]

    def of_luck(self) -> float:
        """Chance that an untrained encoder reaches every tier with some run."""
        short = self._once_by_luck(self.short_bars) if self.short_bars else 0.0
        return self._over_all_runs(short, self._once_by_luck(self.bars))

    def _over_all_runs(self, short: float, long: float) -> float:
        """Chance for any run of a submission, from those for one short and for one long run."""
        return min(1.0, short + self._tries * long)

    def _values(self, name: str, measure: str) -> list[float]:
        return [o.long[measure] for o in self._by_variant[name] if o.long]

    def _spread(self, name: str, measure: str) -> tuple[float, int]:
        groups = [self._values(other, measure) for other in self.correct]
        return threshold.deviation(self._values(name, measure), groups)

    def _short_of(self, measure: str, name: str) -> float:
        """Chance that one long run falls short of one bar."""
        own = self._values(name, measure)
        if not own:
            return 1.0
        return threshold.chance_below(self.bars[measure], own, *self._spread(name, measure))

    def of_failing(self, name: str) -> float:
        """Chance that correct work falls short of some bar with every long run."""
        return min(sum(self._short_of(m, name) ** self._tries for m in self.bars), 1.0)

    def of_clearing(self, name: str) -> tuple[float, str]:
        """Chance that some run reaches every tier, and the tier that is least likely reached."""
        short, _ = self._once(name, self.short_bars) if self.short_bars else (0.0, "")
        long, caught_by = self._once(name, self.bars)
        chance = self._over_all_runs(short, long)
        return chance, caught_by if chance < 1 else ""

    def _once(self, name: str, bars: Mapping[str, float]) -> tuple[float, str]:
        """Chance that one run reaches every tier, and the tier that is least likely reached."""
        runs = [o.long for o in self._by_variant[name] if o.long]
        if not runs:
            return 0.0, "every tier: it cannot be trained"

        def above(variant: str) -> dict[str, list[float]]:
            ended = [o.long for o in self._by_variant[variant] if o.long]
            columns = [tiers.margins(run, bars, self._settings) for run in ended]
            return {tier.name: [c[tier.name] for c in columns] for tier in self._settings.tier}

        own, correct = above(name), [above(other) for other in self.correct]
        chances = {}
        for tier, margins in own.items():
            spread = threshold.deviation(margins, [other[tier] for other in correct])
            chances[tier] = 1 - threshold.chance_below(0.0, margins, *spread)
        hardest = min(chances, key=chances.__getitem__)
        if len(runs) >= threshold.MANY:
            return threshold.chance_above(0.0, self._hardest(runs, bars)), hardest
        return chances[hardest], hardest


def _correct(
    settings: TrainingSettings,
    kinds: Mapping[str, Kind],
    by_variant: Mapping[str, Sequence[Outcome]],
) -> list[str]:
    """The variants that must not fall short: the reference, and what gains half as much."""
    measure = settings.headline.name
    reference = fmean(o.long[measure] for o in by_variant[REFERENCE])
    begun = [o.long[measure] for o in by_variant.get(UNTRAINED, ()) if o.long]
    half = (reference + (fmean(begun) if begun else 0.0)) / 2
    return [
        name
        for name, runs in by_variant.items()
        if name == REFERENCE
        or (
            kinds[name] == "free"
            and all(o.long for o in runs)
            and fmean(o.long[measure] for o in runs) > half
        )
    ]


def _columns(rows: Sequence[Mapping[str, float]]) -> dict[str, tuple[float | None, ...]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {
        name: tuple(round(row[name], 4) if name in row else None for row in rows) for name in names
    }


def _means(signals: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Each signal averaged over runs."""
    names = signals[0] if signals else ()
    return {n: round(fmean(run[n] for run in signals), 4) for n in names}


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
    try:
        long = make(trial, lambda: grader.student(rebuilt.cells, training=True))
        short = None
        if settings.short_recipe is not None and run.kind in ("reference", "free"):
            trial = Trial(assignment, exam, grader.device, run.seed, "short")
            before = long.observed.before
            short = make(trial, lambda: grader.student(rebuilt.cells, training=True), before)
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
