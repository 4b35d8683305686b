"""The class page's charts of training runs, measure by measure and tier by tier."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Any

from autograder.course.results import SubmissionResult, Training
from autograder.course.settings import Measure, TrainingSettings
from autograder.report import charts
from autograder.report.run_view import measured

View = dict[str, Any]


def runs_view(
    pairs: Sequence[tuple[SubmissionResult, View]], settings: TrainingSettings
) -> list[View]:
    """The training runs of a class: a group of charts per corpus, since measures compare on it."""
    groups: dict[tuple[str, str], list[tuple[SubmissionResult, View]]] = defaultdict(list)
    for result, who in pairs:
        if result.training:
            groups[result.training.corpus, result.training.digest].append((result, who))
    views = []
    for (corpus, _), group in groups.items():
        runs = [(r.training, who) for r, who in group if r.training]
        views.append(
            {
                "corpus": corpus,
                "count": len(runs),
                "measures": [_measure(runs, measure, settings) for measure in settings.measure],
                "tiers": _tiers([result for result, _ in group], settings),
            }
        )
    return views


def _measure(
    runs: Sequence[tuple[Training, View]], measure: Measure, settings: TrainingSettings
) -> View:
    """A measure over the class: in words, and a dot for each run unless all are the same.

    What is measured in the same way is drawn on the same axis.
    """
    bars = sorted(
        {
            (run.bars[measure.name], run.length)
            for run, _ in runs
            if measure.calibrated and measure.name in run.bars
        }
    )
    several = len({length for _, length in bars}) > 1
    said = [measured(bar) + (f" in a {length} run" if several else "") for bar, length in bars]
    values = drawable([run for run, _ in runs], measure)
    words = "no number" if not values else f"median {measured(median(values))}"
    same = len(values) > 1 and min(values) == max(values)
    if same:
        words = f"{measured(values[0])} in every run"
    if said:
        words += f"; bar {' and '.join(said)}"
    alike = [other.name for other in settings.measure if other.by == measure.by]
    every = [(run.measures, run.bars) for run, _ in runs]
    axis = charts.axis(v[name] for vs in every for v in vs for name in alike if name in v)
    dots = [
        charts.Dot(value, f"{who['name']}: {measured(value)}", who["href"])
        for run, who in runs
        if charts.sane(value := run.measures.get(measure.name, math.nan))
    ]
    label = f"{measure.title} of {len(dots)} submissions: {words}"
    chart = "" if same else charts.strip(dots, [bar for bar, _ in bars], axis, label)
    return {"title": measure.title, "words": words, "chart": chart}


def drawable(runs: Sequence[Training], measure: Measure) -> list[float]:
    """The values of a measure that can be drawn."""
    values = [run.measures.get(measure.name, math.nan) for run in runs]
    return [value for value in values if charts.sane(value)]


def _tiers(results: Sequence[SubmissionResult], settings: TrainingSettings) -> list[View]:
    """How many runs reach each tier."""
    tests = [t for r in results for part in r.parts if part.id == settings.part for t in part.tests]
    return [
        {
            "demand": tier.demand,
            "count": sum(t.name == tier.name and t.outcome == "passed" for t in tests),
        }
        for tier in settings.tier
    ]
