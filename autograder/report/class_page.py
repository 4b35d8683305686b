"""What the class page says to staff: a plain dictionary for the template."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import median, quantiles
from typing import Any

from autograder.course.results import (
    Environment,
    SubmissionResult,
    identical,
    untouched,
)
from autograder.course.settings import TrainingSettings
from autograder.lab.testing.outcomes import OUTCOMES
from autograder.lms.marks import Marks
from autograder.report import charts
from autograder.report.class_parts import failing, mistakes, part_view
from autograder.report.class_rows import faults, remarks, row_view
from autograder.report.class_runs import drawable, runs_view
from autograder.report.rounds import Round
from autograder.report.run_view import measured
from autograder.report.table import part_names
from autograder.support.plaintext import plain
from autograder.support.words import duration, number

View = dict[str, Any]

_MOST_FAILING = 20
_MOST_LINES = 12
_MOST_MISTAKES = 15
_MOST_ROUNDS = 12


def class_view(
    results: Sequence[SubmissionResult],
    slugs: Sequence[str],
    shown: Mapping[str, str],
    marks: Mapping[str, Marks],
    rounds: Sequence[Round],
    training: TrainingSettings | None,
) -> View:
    """The class page.

    Args:
        results: the submissions in the order of the table.
        slugs: the file name of each one's page, without extension.
        shown: a submission's name to how its student is called.
        marks: what the gradebook holds, by the submission's name.
        rounds: earlier gradings, the oldest first.
        training: the assignment's training run, if it has one.
    """
    who: list[View] = [
        {"name": shown[result.name], "slug": slug, "href": f"staff/{slug}.html"}
        for result, slug in zip(results, slugs, strict=True)
    ]
    pairs = list(zip(results, who, strict=True))
    parts = part_names(results)
    identical = _identical(pairs)
    rows = [row_view(r, w, parts, marks.get(r.name), identical, training) for r, w in pairs]
    failed = failing(results)
    made = mistakes(pairs)
    conditions = _conditions(results)
    points = max((r.max_score for r in results), default=0.0)
    scores = [r.score for r in results if r.graded]
    return {
        "outcomes": {name: said.words for name, said in OUTCOMES.items()},
        "faults": _alike([(tuple(faults(r)), w) for r, w in pairs if faults(r)]),
        "figures": _figures(results, points, training),
        "points": number(points),
        "by_hand": any(one.written for one in marks.values()),
        "late": any(one.late or one.untimed for one in marks.values()),
        "untimed": any(one.untimed for one in marks.values()),
        "due": _due(marks),
        "rounds": _rounds(rounds),
        "score_chart": _score_chart(scores, points),
        "score_words": _score_words(scores),
        "runs": runs_view(pairs, training) if training else [],
        "measure": training.headline.name if training else "",
        "parts": [part_view(results, name, points) for name, points in parts.items()],
        "rows": rows,
        "mistakes": made[:_MOST_MISTAKES],
        "more_mistakes": len(made[_MOST_MISTAKES:]),
        "failing": failed[:_MOST_FAILING],
        "more_failing": len(failed[_MOST_FAILING:]),
        "time_chart": _time_chart([r.seconds for r in results]),
        "time_words": _time_words(results, training),
        "slowest": sorted(rows, key=lambda one: -one["seconds"]["value"])[:8],
        "identical": identical,
        "remarks": [{**w, "lines": remarks(r)[:_MOST_LINES]} for r, w in pairs if remarks(r)],
        "conditions": conditions,
        "versions": _versions(conditions),
    }


def _alike(faults: Sequence[tuple[tuple[str, ...], View]]) -> list[View]:
    """The faults that read the same put together, those of most submissions first."""
    groups: dict[tuple[str, ...], list[View]] = defaultdict(list)
    for lines, who in faults:
        groups[lines].append(who)
    return [
        {"lines": lines, "students": students}
        for lines, students in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]


def _figures(
    results: Sequence[SubmissionResult], points: float, training: TrainingSettings | None
) -> list[View]:
    scores = [r.score for r in results if r.graded]
    full = sum(r.graded and r.score >= r.max_score for r in results)
    figures = [
        ("Submissions", str(len(results)), f"{len(scores)} graded"),
        ("Median score", number(median(scores)) if scores else "–", f"of {number(points)}"),
        ("Full marks", str(full), f"{full / max(len(scores), 1):.0%} of the class"),
    ]
    if training:
        trained = [r for r in results if r.training]
        values = drawable([r.training for r in trained if r.training], training.headline)
        full = sum(p.outcome == "passed" for r in trained for p in r.parts if p.id == training.part)
        middle = measured(median(values)) if values else "–"
        title = training.headline.title
        figures += [
            (title[:1].upper() + title[1:], middle, "median of training runs"),
            ("Every tier reached", str(full), f"of {len(trained)} training runs"),
        ]
    spent = duration(sum(r.cpu_seconds for r in results))
    figures.append(("Grading took", spent, "of CPU time"))
    return [{"name": name, "value": value, "note": note} for name, value, note in figures]


def _score_chart(scores: Sequence[float], points: float) -> Any:
    width = max(1, math.ceil(points / 20))
    edges = [width * i - 0.5 for i in range(math.floor(points / width) + 2)]
    label = f"Distribution of {len(scores)} scores from 0 to {number(points)}"
    if scores:
        label += f", median {number(median(scores))}"
    return charts.histogram(
        [math.floor(s) for s in scores], edges, label, unit="points, rounded down"
    )


def _score_words(scores: Sequence[float]) -> str:
    if len(scores) < 4:
        return ""
    lower, middle, upper = quantiles(scores, n=4, method="inclusive")
    return (
        f"Half of the class has at least {number(middle)} points; the middle half lies between "
        f"{number(lower)} and {number(upper)}."
    )


def _time_chart(seconds: Sequence[float]) -> Any:
    shown = [s for s in seconds if charts.sane(s)]
    edges = charts.ticks(0, max(shown, default=0.0) or 1.0, 16)
    edges.append(2 * edges[-1] - edges[-2])
    label = f"Distribution of the wall time of {len(shown)} submissions"
    return charts.histogram(shown, edges, label, unit="seconds per submission")


def _time_words(results: Sequence[SubmissionResult], training: TrainingSettings | None) -> str:
    if not results:
        return ""
    wall, cpu = [r.seconds for r in results], [r.cpu_seconds for r in results]
    trained = sum(r.training.cpu_seconds for r in results if r.training)
    share = f", of which {duration(trained)} training" if training else ""
    return (
        f"A submission took {duration(median(wall))} (median), at most {duration(max(wall))}. "
        f"All together {duration(sum(cpu))} of CPU time{share}."
    )


def _identical(pairs: Sequence[tuple[SubmissionResult, View]]) -> list[View]:
    """Groups of submissions whose work is the same, the largest first."""
    views = {id(result): who for result, who in pairs}
    return [
        {"students": [views[id(r)] for r in group], "untouched": untouched(group[0])}
        for group in identical([result for result, _ in pairs])
    ]


def _conditions(results: Sequence[SubmissionResult]) -> list[View]:
    """The environments of the results with how many have each, most common first."""
    counts: Counter[str] = Counter()
    environments: dict[str, Environment] = {}
    for result in results:
        key = result.environment.model_dump_json()
        counts[key] += 1
        environments[key] = result.environment
    return [
        {
            "count": count,
            "env": environments[key],
            "held": sum(environments[key].canaries.values()),
            "open": [name for name, held in environments[key].canaries.items() if not held],
        }
        for key, count in counts.most_common()
    ]


def _versions(conditions: Sequence[View]) -> str:
    """What most results were made with, in a line."""
    if not conditions:
        return ""
    where: Environment = conditions[0]["env"]
    return f"Speechmark {where.kit}, PyTorch {where.torch}, Python {where.python}"


def _due(marks: Mapping[str, Marks]) -> str:
    """The due date that most students have."""
    dates = Counter(one.due for one in marks.values() if one.due)
    return f"{dates.most_common(1)[0][0]:%Y-%m-%d %H:%M %Z}" if dates else ""


def _rounds(rounds: Sequence[Round]) -> list[View]:
    """The last gradings, the latest first, if there were several."""
    return [
        {
            "time": plain(one.time.replace("T", " ")[:16]),
            "reason": one.reason,
            "first": one.first,
            "anew": one.anew,
            "up": one.up,
            "down": one.down,
            "graded": one.graded,
            "middle": number(one.middle),
        }
        for one in (reversed(rounds[-_MOST_ROUNDS:]) if len(rounds) > 1 else ())
    ]
