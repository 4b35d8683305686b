"""What a student's own page says: a plain dictionary for a template.

It is made from the few fields a student may read; nothing else of a result reaches the page.
"""

from __future__ import annotations

from typing import Any

from autograder.course.results import PartResult, SubmissionResult, since_then
from autograder.course.settings import TrainingSettings
from autograder.lab.testing.outcomes import OUTCOMES
from autograder.lms.marks import Mark, Marks
from autograder.report.run_view import run_view
from autograder.support.plaintext import plain
from autograder.support.sentences import say
from autograder.support.words import duration, number

View = dict[str, Any]

_MOST_LINES = 60


def student_view(
    result: SubmissionResult,
    marks: Marks | None,
    training: TrainingSettings | None,
    name: str | None = None,
) -> View:
    """One student's page. Of a test: demand, outcome, weight, hint and where, and nothing more.

    Args:
        result: the submission.
        marks: what the gradebook holds of it; None where it is in none.
        training: the assignment's training run, if it has one.
        name: whose it is, as it is shown; default: the submission's name.
    """
    graded = result.graded
    by_part = marks.parts if marks else {}
    return {
        "name": name or plain(result.name) or say("page.no_name"),
        "graded": graded,
        "refused": result.refused,
        "kit": result.environment.kit,
        "notebook": "",
        "parts": [
            _part_view(part, by_part.get(part.id), graded)
            | {"outdated": since_then(result, part.id)}
            for part in result.parts
        ],
        "training": run_view(result, training, staff=False),
        **_sum_view(result, marks),
    }


def _sum_view(result: SubmissionResult, marks: Marks | None) -> View:
    """The one total, what of it waits for a person, and what was taken off."""
    known = marks if result.graded else None
    parts = known.parts if known else {}
    return {
        "score": number(known.so_far if known else result.score),
        "max_score": number(known.max_score if known else result.max_score),
        "unknown": known is None,
        "waiting": [
            {"name": part, "max_score": number(mark.max_score)}
            for part, mark in parts.items()
            if mark.waiting
        ],
        "untimed": known is not None and known.untimed,
        "late": duration(known.late.total_seconds()) if known and known.late else "",
        "penalty": number(known.penalty) if known and known.penalty else "",
        "written": [
            {
                "name": part,
                "score": "–" if mark.waiting else number(mark.points),
                "max_score": number(mark.max_score),
                "words": say("page.waits" if mark.waiting else "page.by_hand"),
                "comment": _lines(mark.comment),
            }
            for part, mark in (known.written if known else {}).items()
        ],
    }


def _part_view(part: PartResult, mark: Mark | None, graded: bool) -> View:
    score = mark.points if mark and mark.by_hand else part.score
    return {
        "name": part.id,
        "score": number(score) if graded and part.outcome != "grader" else "–",
        "max_score": number(part.max_score),
        "outcome": part.outcome,
        "words": _part_words(part),
        "changed": _changed(part, mark),
        "void": _void(part),
        "comment": _lines(mark.comment) if mark else [],
        "tests": _tests_view(part),
    }


def _changed(part: PartResult, mark: Mark | None) -> bool:
    return mark is not None and mark.by_hand and mark.points != part.score


def _lines(comment: str) -> list[str]:
    """A comment's paragraphs."""
    return [line.strip() for line in comment.splitlines() if line.strip()][:_MOST_LINES]


def _void(part: PartResult) -> bool:
    """Whether an essential demand does not hold, so that the others count for nothing."""
    return any(test.essential and not test.held for test in part.tests)


def _part_words(part: PartResult) -> str:
    asked = [test for test in part.tests if test.outcome != "skipped"]
    holding = sum(test.held for test in asked)
    if holding in (0, len(asked)):
        return OUTCOMES[part.outcome].words
    if holding == 1:
        return say("page.one_holds_void" if _void(part) else "page.one_holds", asked=len(asked))
    counts = {"holding": holding, "asked": len(asked)}
    return say("page.some_hold_void" if _void(part) else "page.some_hold", **counts)


def _tests_view(part: PartResult) -> list[View]:
    """The demands of a part; a hint that answers several is said at the first of them."""
    said: set[str | None] = set()
    total = sum(test.weight for test in part.tests if test.outcome != "skipped")
    tests = []
    for test in part.tests:
        worth = part.max_score * test.weight / total if total else 0.0
        counted = worth > 0 and test.outcome != "skipped"
        tests.append(
            {
                "demand": test.demand,
                "outcome": test.outcome,
                "words": OUTCOMES[test.outcome].words,
                "worth": number(worth) if counted else "",
                "essential": test.essential,
                "hint": None if test.hint in said else test.hint,
                "as_above": bool(test.hint) and test.hint in said,
                "where": plain(test.where or "", 200),
            }
        )
        said.add(test.hint)
    return tests
