"""Where a class loses points: parts, mistakes and the tests of hidden suites."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import fmean
from typing import Any

from autograder.course.results import SubmissionResult
from autograder.lab.testing.outcomes import OUTCOMES, Outcome
from autograder.report import charts
from autograder.support.words import number

View = dict[str, Any]

_MOST_HINTS = 4
_NAMED_AT_ONCE = 8


def part_view(results: Sequence[SubmissionResult], name: str, points: float) -> View:
    """A part over the class: its mean, who has all of it, and how it ended for the others."""
    parts = [(r.graded, p) for r in results for p in r.parts if p.id == name]
    scores = [p.score for graded, p in parts if graded and p.outcome != "grader"]
    ended = Counter(p.outcome for _, p in parts)
    counts = {outcome: ended[outcome] for outcome in OUTCOMES}
    words = ", ".join(f"{n} {OUTCOMES[o].words}" for o, n in counts.items() if n)
    return {
        "name": name,
        "points": number(points),
        "mean": f"{fmean(scores):.2f}" if scores else "–",
        "full": sum(score >= points for score in scores),
        "chart": charts.split_bar(counts, len(results), f"{name}: {words}", width=360),
    }


def mistakes(pairs: Sequence[tuple[SubmissionResult, View]]) -> list[View]:
    """What students are told of their mistakes, most frequent first, with who made each.

    A hint counts once for a part, whatever number of demands it answers. What was not written is
    no mistake, nor is what follows from another and has no hint of its own.
    """
    made: dict[tuple[str, str], list[View]] = defaultdict(list)
    for result, who in pairs:
        for part in result.parts:
            hints = {
                test.hint: None
                for test in part.tests
                if test.hint and not test.held and test.outcome not in ("missing", "grader")
            }
            for hint in hints:
                made[part.id, hint].append(who)
    return [
        {
            "part": part,
            "hint": hint,
            "count": len(students),
            "students": students[:_NAMED_AT_ONCE],
            "more": students[_NAMED_AT_ONCE:],
        }
        for (part, hint), students in sorted(made.items(), key=lambda item: -len(item[1]))
    ]


def failing(results: Sequence[SubmissionResult]) -> list[View]:
    """Every test that some submission failed, those that failed most first."""
    ended: dict[tuple[str, str], Counter[Outcome]] = defaultdict(Counter)
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
