"""What the class page says to staff: a plain dictionary for the template."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean, median, quantiles
from typing import Any

from autograder.course.results import (
    Environment,
    PartResult,
    SubmissionResult,
    Training,
    identical,
    untouched,
)
from autograder.course.words import duration, number, percent, shown_name
from autograder.lab.testing.outcomes import OUTCOMES
from autograder.report import charts
from autograder.report.table import part_names
from autograder.support.plaintext import plain

View = dict[str, Any]

_MOST_FAILING = 20
_MOST_LINES = 12
_MOST_HINTS = 4


def class_view(
    results: Sequence[SubmissionResult], slugs: Sequence[str], manual: Mapping[str, float]
) -> View:
    """The class page.

    Args:
        results: the submissions in the order of the table.
        slugs: the file name of each one's page, without extension.
        manual: points of the written answers by student name.
    """
    who: list[View] = [
        {"name": shown_name(result), "slug": slug, "href": f"students/{slug}.html"}
        for result, slug in zip(results, slugs, strict=True)
    ]
    pairs = list(zip(results, who, strict=True))
    parts = part_names(results)
    identical = _identical(pairs)
    rows = [_row(r, w, parts, manual, identical) for r, w in pairs]
    failing = _failing(results)
    points = max((r.max_score for r in results), default=0.0)
    scores = [r.score for r in results if r.graded]
    return {
        "outcomes": {name: said.words for name, said in OUTCOMES.items()},
        "faults": _alike([(tuple(_faults(r)), w) for r, w in pairs if _faults(r)]),
        "figures": _figures(results, points),
        "points": number(points),
        "by_hand": bool(manual),
        "score_chart": _score_chart(scores, points),
        "score_words": _score_words(scores),
        "probes": _probes(pairs),
        "parts": [_part_row(results, name, points) for name, points in parts.items()],
        "rows": rows,
        "failing": failing[:_MOST_FAILING],
        "more_failing": len(failing[_MOST_FAILING:]),
        "time_chart": _time_chart([r.seconds for r in results]),
        "time_words": _time_words(results),
        "slowest": sorted(rows, key=lambda row: -row["seconds"]["value"])[:8],
        "identical": identical,
        "remarks": [{**w, "lines": _lines(r)[:_MOST_LINES]} for r, w in pairs if _lines(r)],
        "conditions": _conditions(results),
    }


def _faults(result: SubmissionResult) -> list[str]:
    """What the grader failed on: parts, tests, and what was observed."""
    tests = [
        f"{part.id}: {test.name}: {plain(test.detail, 300) or 'no detail'}"
        for part in result.parts
        for test in part.tests
        if test.outcome == "grader"
    ]
    if result.graded and not tests:
        return []
    lines = tests[:_MOST_LINES] + [plain(note, 300) for note in result.notes[:_MOST_LINES]]
    return lines or ["The record does not say why."]


def _alike(faults: Sequence[tuple[tuple[str, ...], View]]) -> list[View]:
    """The faults that read the same put together, those of most submissions first."""
    groups: dict[tuple[str, ...], list[View]] = defaultdict(list)
    for lines, who in faults:
        groups[lines].append(who)
    return [
        {"lines": lines, "students": students}
        for lines, students in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]


def _lines(result: SubmissionResult) -> list[View]:
    """What staff should look at in a submission, most pressing first."""
    flags = result.training.flags if result.training else []
    return [
        {"kind": kind, "text": plain(text, 240)}
        for kind, texts in (("flag", flags), ("repaired", result.repairs), ("note", result.notes))
        for text in texts
    ]


def _figures(results: Sequence[SubmissionResult], points: float) -> list[View]:
    scores = [r.score for r in results if r.graded]
    runs = [r.training for r in results if r.training]
    accuracies = [run.accuracy for run in runs]
    above = sum(run.accuracy > run.threshold for run in runs)
    full = sum(r.graded and r.score >= r.max_score for r in results)
    figures = [
        ("Submissions", str(len(results)), f"{len(scores)} graded"),
        ("Median score", number(median(scores)) if scores else "–", f"of {number(points)}"),
        ("Full marks", str(full), f"{full / max(len(scores), 1):.0%} of the class"),
        ("Median probe", percent(median(accuracies)) if accuracies else "–", "accuracy"),
        ("Above the threshold", str(above), f"of {len(accuracies)} training runs"),
        ("Grading took", duration(sum(r.cpu_seconds for r in results)), "of CPU time"),
    ]
    return [{"name": name, "value": value, "note": note} for name, value, note in figures]


def _score_chart(scores: Sequence[float], points: float) -> Any:
    width = max(1, math.ceil(points / 25))
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


def _probes(pairs: Sequence[tuple[SubmissionResult, View]]) -> list[View]:
    """One chart per corpus: accuracies only compare on the same clips."""
    runs: dict[tuple[str, str, float, float], list[tuple[Training, View]]] = defaultdict(list)
    for result, who in pairs:
        if run := result.training:
            runs[run.corpus, run.digest, run.log_mel, run.threshold].append((run, who))
    return [
        {
            "corpus": corpus,
            "words": _tiers([run for run, _ in group], log_mel, threshold),
            "chart": charts.dot_plot(
                {
                    "before training": [
                        charts.Dot(run.untrained, who["name"], who["href"]) for run, who in group
                    ],
                    "after training": [
                        charts.Dot(run.accuracy, who["name"], who["href"]) for run, who in group
                    ],
                },
                {"log-mel": log_mel, "threshold": threshold},
                f"Probe accuracy of {len(group)} submissions before and after training; "
                f"log-mel {percent(log_mel)}, threshold {percent(threshold)}",
            ),
        }
        for (corpus, _, log_mel, threshold), group in runs.items()
    ]


def _tiers(runs: Sequence[Training], log_mel: float, threshold: float) -> str:
    above = sum(run.accuracy > threshold for run in runs)
    middle = sum(log_mel < run.accuracy <= threshold for run in runs)
    worse = sum(run.accuracy <= run.untrained for run in runs)
    return (
        f"Linear probe on speakers never heard ({runs[0].corpus}, {runs[0].steps} steps). "
        f"Above the threshold: {above} of {len(runs)}. Between raw log-mel and the threshold: "
        f"{middle}. No better than their own untrained encoder: {worse}."
    )


def _part_row(results: Sequence[SubmissionResult], name: str, points: float) -> View:
    parts = [(r.graded, p) for r in results for p in r.parts if p.id == name]
    scores = [p.score for graded, p in parts if graded and p.outcome != "grader"]
    ended: Counter[str] = Counter(p.outcome for _, p in parts)
    counts = {outcome: ended[outcome] for outcome in OUTCOMES}
    words = ", ".join(f"{n} {OUTCOMES[o].words}" for o, n in counts.items() if n)
    return {
        "name": name,
        "points": number(points),
        "mean": f"{fmean(scores):.2f}" if scores else "–",
        "full": sum(score >= points for score in scores),
        "chart": charts.split_bar(counts, len(results), f"{name}: {words}", width=560),
    }


def _row(
    result: SubmissionResult,
    who: View,
    parts: Mapping[str, float],
    manual: Mapping[str, float],
    identical: Sequence[View],
) -> View:
    of = {part.id: part for part in result.parts}
    hand = manual.get(result.name)
    accuracy = result.training.accuracy if result.training else None
    twin = any(student is who for group in identical for student in group["students"])
    remarks = len(_lines(result))
    total = result.score if result.graded else None
    return {
        **who,
        "cells": [_cell(of.get(name)) for name in parts],
        "fault": "" if result.graded else "1",
        "lost": "1" if result.graded and result.score < result.max_score else "",
        "look": "1" if remarks or twin or _faults(result) else "",
        "remarks": remarks,
        "total": _value(total, number),
        "hand": _value(hand, number) if hand is not None else {"value": -1, "text": "by hand"},
        "sum": _value(None if total is None or hand is None else total + hand, number),
        "probe": _value(accuracy, lambda a: f"{100 * a:.1f}"),
        "seconds": _value(result.seconds, lambda s: f"{s:.1f}"),
        "cpu": f"{result.cpu_seconds:.1f}",
    }


def _cell(part: PartResult | None) -> View | None:
    if part is None or not part.max_score:
        return None
    fault = part.outcome == "grader"
    lost = 1 - part.score / part.max_score
    heat = min(max(math.ceil(5 * lost - 1e-9), 0), 5) if charts.sane(lost) else 5
    return {
        "heat": "hx" if fault else f"h{heat}",
        "value": -1 if fault else part.score,
        "points": "" if fault else number(part.score),
        "outcome": part.outcome,
        "words": OUTCOMES[part.outcome].words,
    }


def _value(value: float | None, words: Any) -> View:
    if value is None or not charts.sane(value):
        return {"value": -1, "text": "–"}
    return {"value": round(value, 4), "text": words(value)}


def _failing(results: Sequence[SubmissionResult]) -> list[View]:
    """Every test that some submission failed, those that failed most first."""
    ended: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    hints: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    demands: dict[tuple[str, str], str] = {}
    for part, test in ((p, t) for r in results for p in r.parts for t in p.tests):
        key = (part.id, test.name)
        demands.setdefault(key, test.demand)
        if not test.held:
            ended[key][test.outcome] += 1
            if test.hint_id:
                hints[key][test.hint_id] += 1
    return [
        {
            "part": key[0],
            "name": key[1],
            "demand": demands[key],
            "count": counts.total(),
            "chart": charts.split_bar(
                {outcome: counts[outcome] for outcome in OUTCOMES},
                len(results),
                ", ".join(f"{n} {OUTCOMES[o].words}" for o, n in counts.items()),
                width=220,
            ),
            "hints": [{"id": name, "count": n} for name, n in hints[key].most_common(_MOST_HINTS)],
        }
        for key, counts in sorted(ended.items(), key=lambda item: -item[1].total())
    ]


def _time_chart(seconds: Sequence[float]) -> Any:
    shown = [s for s in seconds if charts.sane(s)]
    edges = charts.ticks(0, max(shown, default=0.0) or 1.0, 16)
    edges.append(2 * edges[-1] - edges[-2])
    label = f"Distribution of the wall time of {len(shown)} submissions"
    return charts.histogram(shown, edges, label, unit="seconds per submission")


def _time_words(results: Sequence[SubmissionResult]) -> str:
    if not results:
        return ""
    wall, cpu = [r.seconds for r in results], [r.cpu_seconds for r in results]
    trained = sum(r.training.cpu_seconds for r in results if r.training)
    return (
        f"A submission took {duration(median(wall))} (median), at most {duration(max(wall))}. "
        f"All together {duration(sum(cpu))} of CPU time, of which {duration(trained)} training."
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
