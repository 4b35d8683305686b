"""Which of the declared tiers a run reaches, and what a tier that is not reached is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.course.assignment import Assignment
from autograder.course.results import TestResult, Training
from autograder.course.settings import CALIBRATED, Tier, TrainingSettings
from autograder.grading.suites import record
from autograder.lab.testing.failures import Failure, Wrong


def needed(
    tier: Tier, measures: Mapping[str, float], calibrated: Mapping[str, float]
) -> list[float]:
    """The values of which a run must exceed one to reach ``tier``.

    Args:
        tier: whose bars.
        measures: of the run.
        calibrated: measure to its calibrated bar.
    """

    def bar(named: str | float) -> float:
        if not isinstance(named, str):
            return named
        if named == CALIBRATED:
            return calibrated.get(tier.measure, float("inf"))
        return measures[named]

    return [bar(named) for named in tier.above]


def margins(
    measures: Mapping[str, float], calibrated: Mapping[str, float], settings: TrainingSettings
) -> dict[str, float]:
    """Tier to how far a run is above its bar, negative if below."""
    return {
        tier.name: measures[tier.measure] - min(needed(tier, measures, calibrated))
        for tier in settings.tier
    }


def reached_by(run: Training, settings: TrainingSettings) -> set[str]:
    """The tiers that one run reaches."""
    above = margins(run.measures, run.bars, settings)
    reached: set[str] = set()
    for tier in settings.tier:
        if above[tier.name] > 0 and reached.issuperset(tier.also):
            reached.add(tier.name)
    return reached


def reached(runs: Sequence[Training], settings: TrainingSettings) -> set[str]:
    """The tiers that any of the runs reaches: what is reached once is reached."""
    return {name for run in runs for name in reached_by(run, settings)}


def reaches_all(runs: Sequence[Training], settings: TrainingSettings) -> bool:
    """Whether every tier is reached by one of the runs."""
    return len(reached(runs, settings)) == len(settings.tier)


def best_first(runs: Sequence[Training], settings: TrainingSettings) -> list[Training]:
    """Runs in order of the measure that the last tier is about."""
    headline = settings.headline.name
    return sorted(runs, key=lambda run: -run.measures[headline])


def awarded(
    assignment: Assignment,
    runs: Sequence[Training],
    failure: Failure | None,
    cause: str | None,
    sources: Mapping[str, str],
) -> list[TestResult]:
    """Each tier as a test: passed, short of its bar, or ended by ``failure``.

    Args:
        assignment: whose tiers and hints.
        runs: those that count; none if ``failure`` ended them.
        failure: how the student's code ended the first run.
        cause: hint that names what holds the runs back, told where a calibrated bar is not
            reached.
        sources: of the student's cells, to quote from.
    """
    settings = assignment.training
    there = reached(runs, settings)
    tests: list[TestResult] = []
    hints: dict[str, str] = {}
    for tier in settings.tier:
        reason = None if runs else failure
        if runs and tier.name not in there:
            hints[tier.name] = _hint(tier, hints, cause)
            reason = Wrong(hints[tier.name], _observed(tier, runs, hints[tier.name]))
        tests.append(
            record(tier.name, tier.demand, reason, assignment.hints, sources, weight=tier.weight)
        )
    return tests


def _hint(tier: Tier, hints: Mapping[str, str], cause: str | None) -> str:
    """What is told of a tier that is not reached.

    Where one that it rests on is not reached either, that one's hint answers both: its own is
    about its measure, which may be above the bar.

    Args:
        tier: which is not reached.
        hints: what is told of earlier ones that are not.
        cause: as of :func:`awarded`.
    """
    if cause and tier.above == (CALIBRATED,):
        return cause
    return next((hints[name] for name in tier.also if name in hints), tier.hint)


def _observed(tier: Tier, runs: Sequence[Training], hint: str) -> str:
    """Each run's measure and its bar; before them the tier's own hint where another is told."""
    seen = "; ".join(
        f"{run.measures[tier.measure]:.3f} against {min(needed(tier, run.measures, run.bars)):.3f}"
        for run in runs
    )
    return seen if hint == tier.hint else f"{tier.hint}: {seen}"
