"""The student's page as Gradescope shows results: ``results.json`` of its autograder platform.

One test for each part, with the demands that do not hold and their hints as its output.
"""

from __future__ import annotations

from typing import Any

from autograder.course.results import SubmissionResult
from autograder.course.settings import TrainingSettings
from autograder.lab.testing.outcomes import held
from autograder.lms.marks import Marks
from autograder.report.student_page import student_view
from autograder.support.sentences import say

_VISIBLE = "visible"


def results_json(
    result: SubmissionResult, training: TrainingSettings | None, marks: Marks | None = None
) -> dict[str, Any]:
    """What Gradescope reads from ``/autograder/results/results.json``.

    Args:
        result: the submission.
        training: the assignment's training run, if it has one.
        marks: what the gradebook holds, if anything: points by hand count then.
    """
    if not result.graded:
        why = result.refused or say("page.not_graded")
        return {
            "score": 0,
            "output": "\n".join([say("page.ungraded"), why]),
            "visibility": _VISIBLE,
            "tests": [],
        }
    view = student_view(result, marks, training)
    tests = [_test(part) for part in view["parts"]]
    tests += [
        {
            "name": part["name"],
            "score": 0.0 if part["score"] == "–" else float(part["score"]),
            "max_score": float(part["max_score"]),
            "output": "\n".join(part["comment"]) or part["words"],
            "visibility": _VISIBLE,
        }
        for part in view["written"]
    ]
    notes = [say("page.waiting", parts=part["name"]) for part in view["waiting"]]
    if view["penalty"]:
        amounts = {"late": view["late"], "penalty": view["penalty"]}
        notes.append(say("page.late_penalty", **amounts))
    return {
        "score": marks.so_far if marks else result.score,
        "output": "\n".join(notes),
        "output_format": "text",
        "visibility": _VISIBLE,
        "tests": tests,
        "execution_time": round(result.seconds),
    }


def _test(part: dict[str, Any]) -> dict[str, Any]:
    lines = []
    for test in part["tests"]:
        if held(test["outcome"]):
            continue
        where = f" ({test['where']})" if test["where"] else ""
        lines.append(f"✗ {test['demand']} {test['words']}{where}")
        if test["hint"]:
            lines.append(f"  {test['hint']}")
    score = 0.0 if part["score"] == "–" else float(part["score"])
    return {
        "name": part["name"],
        "score": score,
        "max_score": float(part["max_score"]),
        "status": "passed" if part["outcome"] == "passed" else "failed",
        "output": "\n".join([*lines, *part["comment"]]) or part["words"],
        "visibility": _VISIBLE,
    }
