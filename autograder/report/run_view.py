"""What pages say of a training run, by what the assignment declares: plain dictionaries.

While code of the reference lies in a student's worker, whatever that worker sends may tell of
it: a curve drawn to a tenth of a pixel carries a whole function. Of such a run a student's page
shows measures to two digits and which tiers are reached, at most :data:`MOST_BITS` bits in all.
Staff see everything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograder.course.results import SubmissionResult, Training
from autograder.course.settings import Curve, Measure, TrainingSettings
from autograder.report import charts
from autograder.support.plaintext import plain
from autograder.support.sentences import say
from autograder.support.words import percent

View = dict[str, Any]

MOST_BITS = 64
"""So much may reach a student's page from a worker that held code of the reference."""

_VALUES = 204
"""What a coarse measure can be: -1.00 to 1.00, below, above, no number."""

_HOW_IT_ENDED = 9.0
"""Bits: which builtin error ended it, the length of the run on record, whether a swap counts."""

_MOST_POINTS = 200


def measured(value: float) -> str:
    """A measure in words: a share in percent, anything larger as a number."""
    if not math.isfinite(value) or charts.within_one(value):
        return percent(value)
    return f"{value:.4g}"


def coarse(value: float) -> float:
    """``value`` to two digits; 1.01 stands for anything above 1, -1.01 for anything below -1."""
    return round(min(max(value, -1.01), 1.01), 2) + 0.0


def coarsely(value: float) -> str:
    """A value of :func:`coarse` in words."""
    if not math.isfinite(value):
        return percent(value)
    if not charts.within_one(value):
        return say("page.over_one" if value > 0 else "page.below_minus_one")
    return f"{value:.0%}"


def guarded(result: SubmissionResult, settings: TrainingSettings) -> bool:
    """Whether the run on record was made in a worker that held code of the reference."""
    run = result.training
    replaced = any(part.replaced for part in result.parts)
    return run is not None and (replaced or bool(run.stand_in) or _ended(result, settings))


def _ended(result: SubmissionResult, settings: TrainingSettings) -> bool:
    """Whether the student's own run ended early, so that what is on record is another's.

    A run that was measured misses a tier by a declared hint: the tier's, or a swap's.
    """
    tiers = {tier.name for tier in settings.tier}
    short = {tier.hint for tier in settings.tier}
    short |= {swap.hint for swap in settings.swap if swap.hint}
    tests = [test for part in result.parts if part.id == settings.part for test in part.tests]
    return any(
        not test.held and not (test.outcome == "wrong" and test.hint_id in short)
        for test in tests
        if test.name in tiers
    )


def carried(settings: TrainingSettings) -> list[Measure]:
    """The measures of a guarded run that a student reads: as many as fit, those of tiers first.

    One that no network has part in tells nothing of the worker.
    """
    room = MOST_BITS - len(settings.tier) - math.log2(1 + len(settings.swap)) - _HOW_IT_ENDED
    most = math.floor(room / math.log2(_VALUES)) - (1 if settings.counting else 0)
    about = {tier.measure for tier in settings.tier}
    about |= {bar for tier in settings.tier for bar in tier.above if isinstance(bar, str)}
    free = [measure for measure in settings.measure if measure.of == "log_mel"]
    others = [measure for measure in settings.measure if measure not in free]
    chosen = sorted(others, key=lambda measure: measure.name not in about)[: max(most, 0)]
    return [measure for measure in settings.measure if measure in [*free, *chosen]]


def run_view(
    result: SubmissionResult, settings: TrainingSettings | None, *, staff: bool
) -> View | None:
    """The section of a page about the training run; None if there is no run.

    Args:
        result: whose.
        settings: what is measured and drawn.
        staff: show everything, whatever lay in the worker.
    """
    run = result.training
    if run is None or settings is None:
        return None
    within = guarded(result, settings)
    hidden = within and not staff
    shown = carried(settings) if hidden else list(settings.measure)
    return {
        "corpus": run.corpus,
        "steps": run.steps,
        "replaced": [part.id for part in result.parts if part.replaced],
        "hidden": hidden,
        "lost": _ended(result, settings),
        "measures": [_row(run, measure, settings, hidden) for measure in shown],
        "stand_in": _stand_in(run, settings, hidden),
        "curves": [] if hidden else [v for c in settings.curve if (v := _curve(run, c))],
        "pictures": [] if hidden else _pictures(run),
    }


def _row(run: Training, measure: Measure, settings: TrainingSettings, hidden: bool) -> View:
    value = run.measures.get(measure.name, math.nan)
    value = coarse(value) if hidden else value
    words = coarsely(value) if hidden else measured(value)
    bar = run.bars.get(measure.name) if measure.calibrated else None
    own = measure.calibrated or measure == settings.headline
    return {
        "title": measure.title,
        "own": own,
        "value": words,
        "bar": "" if bar is None else _against(value, bar, hidden),
        "chart": charts.bar(value, bar, _label(words, bar), own=own),
    }


def _against(value: float, bar: float, hidden: bool) -> str:
    """The bar, and on which side of it a value lies; of a coarse one that is its tier's to say."""
    if hidden:
        return say("page.bar", bar=measured(bar))
    return say("page.above_bar" if value > bar else "page.not_above_bar", bar=measured(bar))


def _label(words: str, bar: float | None) -> str:
    return words if bar is None else say("page.value_and_bar", value=words, bar=measured(bar))


def _stand_in(run: Training, settings: TrainingSettings, hidden: bool) -> View | None:
    """The run with the reference in place of a part that has been marked, where it counts."""
    if not run.stand_in or settings.counting is None:
        return None
    value = run.stand_in.get(settings.headline.name, math.nan)
    return {
        "names": settings.counting.names,
        "title": settings.headline.title,
        "value": coarsely(coarse(value)) if hidden else measured(value),
        "cause": run.cause or "",
    }


def _curve(run: Training, curve: Curve) -> View | None:
    values = run.curves.get(curve.name, [])
    usable = [value for value in values if charts.sane(value)]
    if not usable:
        return None
    steps = len(values) if run.steps is None else run.steps
    sentences = [say("page.curve", first=usable[0], last=usable[-1])]
    level, meaning = run.levels.get(curve.name, (None, ""))
    if charts.sane(level):
        sentences.append(say("page.curve_level", meaning=meaning))
    if len(usable) < len(values):
        first = next(i for i, value in enumerate(values) if not charts.sane(value))
        step = round((first + 1) * steps / len(values))
        sentences.append(say("page.curve_ends", step=step))
    words = " ".join(sentences)
    chart = charts.curve(values, steps, level, f"{curve.title}. {words}")
    return {"title": curve.title, "words": words, "chart": chart}


def _pictures(run: Training) -> list[View]:
    """Some clips in the plane, once for each kind of label."""
    usable = [
        i
        for i, point in enumerate(run.points[:_MOST_POINTS])
        if len(point) == 2 and all(map(math.isfinite, point))
    ]
    if not usable:
        return []
    return [_picture(run, kind, labels, usable) for kind, labels in run.labels.items()]


def _picture(run: Training, kind: str, labels: Sequence[str], usable: Sequence[int]) -> View:
    there = [i for i in usable if i < len(labels)]
    names = [plain(labels[i], 14) or "?" for i in there]
    kind = plain(kind, 20)
    return {
        "title": say("page.by_kind", kind=kind),
        "chart": charts.scatter(
            [run.points[i] for i in there], names, say("page.picture", kind=kind)
        ),
        "legend": charts.legend(names),
    }
