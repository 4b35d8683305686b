"""Which of the declared tiers a run reaches, and what a tier that is not reached is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.course.assignment import Assignment
from autograder.course.results import TestResult, Training
from autograder.course.settings import CALIBRATED, Tier, TrainingSettings
from autograder.grading.suites import record
from autograder.lab.testing.failures import Failure, Wrong


def bars(run: Training, tier: Tier) -> list[float]:
    """The values of which a run must exceed one to reach ``tier``."""

    def bar(named: str | float) -> float:
        if not isinstance(named, str):
            return named
        if named == CALIBRATED:
            return run.bars.get(tier.measure, float("inf"))
        return run.measures[named]

    return [bar(named) for named in tier.above]


def reached_by(run: Training, settings: TrainingSettings) -> set[str]:
    """The tiers that one run reaches."""
    reached: set[str] = set()
    for tier in settings.tier:
        if run.measures[tier.measure] > min(bars(run, tier)) and reached.issuperset(tier.also):
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
    tests = []
    for tier in settings.tier:
        reason = failure
        if runs and tier.name not in there:
            named = cause if tier.above == (CALIBRATED,) else None
            seen = (
                f"{run.measures[tier.measure]:.3f} against {min(bars(run, tier)):.3f}"
                for run in runs
            )
            reason = Wrong(named or tier.hint, "; ".join(seen))
        elif runs:
            reason = None
        tests.append(
            record(tier.name, tier.demand, reason, assignment.hints, sources, weight=tier.weight)
        )
    return tests
