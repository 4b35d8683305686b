"""The rows of the class page's table, and what staff should look at in a submission."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.course.results import PartResult, SubmissionResult
from autograder.course.settings import TrainingSettings
from autograder.lab.testing.outcomes import OUTCOMES
from autograder.lms.marks import Marks
from autograder.report import charts
from autograder.support.plaintext import plain
from autograder.support.words import duration, number

View = dict[str, Any]

_MOST_LINES = 12


def faults(result: SubmissionResult) -> list[str]:
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


def remarks(result: SubmissionResult) -> list[View]:
    """What staff should look at in a submission, most pressing first."""
    flags = result.training.flags if result.training else []
    return [
        {"kind": kind, "text": plain(text, 240)}
        for kind, texts in (
            ("flag", flags),
            ("repaired", result.repairs),
            ("older release", [f"asked anew since: {part}" for part in result.outdated]),
            ("note", result.notes),
        )
        for text in texts
    ]


def row_view(
    result: SubmissionResult,
    who: View,
    parts: Mapping[str, float],
    marks: Marks | None,
    identical: Sequence[View],
    training: TrainingSettings | None,
) -> View:
    """A student's row of the table: points, marks by hand, lateness, what to look at."""
    of = {part.id: part for part in result.parts}
    hand = sum(mark.points for mark in marks.written.values()) if marks else None
    waiting = marks is None or any(mark.waiting for mark in marks.written.values())
    measures = result.training.measures if result.training else {}
    value = measures.get(training.headline.name) if training else None
    twin = any(student is who for group in identical for student in group["students"])
    count = len(remarks(result))
    total = result.score if result.graded else None
    return {
        **who,
        "cells": [_cell(of.get(name)) for name in parts],
        "fault": "" if result.graded else "1",
        "lost": "1" if result.graded and result.score < result.max_score else "",
        "look": "1" if count or twin or faults(result) else "",
        "remarks": count,
        "total": _value(total, number),
        "hand": {"value": -1, "text": "by hand"} if waiting else _value(hand, number),
        "sum": _value(marks.total if marks and result.graded else None, number),
        "late": _late(marks),
        "measure": _value(value, lambda v: f"{100 * v:.1f}"),
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


def _late(marks: Marks | None) -> View:
    if marks is None or not (marks.late or marks.untimed):
        return {"value": 0, "text": ""}
    seconds = marks.late.total_seconds()
    return {"value": seconds, "text": "no time" if marks.untimed else duration(seconds)}


def _value(value: float | None, words: Any) -> View:
    if value is None or not charts.sane(value):
        return {"value": -1, "text": "–"}
    return {"value": round(value, 4), "text": words(value)}
