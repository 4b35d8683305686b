"""``speechmark why``: a student's question about a grade, answered for staff."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.commands.app import CLASS, AsJson, Level, Name, app, course
from autograder.support.console import out, unmarked
from autograder.support.errors import SpeechmarkError

if TYPE_CHECKING:
    from autograder.course.assignment import Assignment
    from autograder.course.results import PartResult, SubmissionResult, TestResult


@app.command(rich_help_panel=CLASS)
def why(
    assignment: Name,
    student: Annotated[str, typer.Argument(help="Id, name or address of the student.")],
    part: Annotated[str | None, typer.Argument(help="Only this part.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Ask the suites anew, behind the wall, first.")
    ] = False,
    level: Level = 3,
    as_json: AsJson = False,
) -> None:
    """Why has a student these points? For course staff.

    Each demand that does not hold: what was observed, the student's own line,
    the test that asks it, and the call that asks again. Grades stay as they
    are.
    """
    from autograder.lms.roster import read_roster

    which = course().assignment(assignment)
    roster = read_roster(which.course.root)
    ids = [student] if student in roster or not roster else roster.find(student) or [student]
    if len(ids) > 1:
        raise SpeechmarkError(f"{student!r} may be {' or '.join(ids)}")
    result = _asked_again(which, ids[0], level) if again else _held(which, ids[0])
    parts = [each for each in result.parts if part in (None, each.id)]
    if not parts:
        names = ", ".join(each.id for each in result.parts)
        raise SpeechmarkError(f"There is no part {part!r} in this result. There is: {names}")
    if as_json:
        print(json.dumps(_as_json(which, result, parts), allow_nan=False))
        return
    out.print(f"[bold]{unmarked(roster.shown(ids[0]))}[/], {which.name}", highlight=False)
    for each in parts:
        _show(which, result, each)


def _held(assignment: Assignment, student: str) -> SubmissionResult:
    """The result that the student's grade in the gradebook rests on."""
    from autograder.store.ledger import held

    results = held(assignment)
    if student not in results:
        raise SpeechmarkError(
            f"No grade of {student!r} is on record. First: speechmark grade {assignment.name}"
        )
    return results[student]


def _asked_again(assignment: Assignment, student: str, level: int) -> SubmissionResult:
    """The student's work as it lies in ``submitted/``, graded anew without the training run."""
    from autograder import notebooks
    from autograder.batch.session import prepared
    from autograder.course.submissions import submitted
    from autograder.grading.job import Job

    found = {submission.name: submission for submission in submitted(assignment)}
    if student not in found:
        raise SpeechmarkError(f"There is no submission of {student!r} in submitted/.")
    with prepared(Job(assignment, level, train=False)).grader() as grader:
        notebook = notebooks.read(found[student].notebook())
        return grader.grade(student, grader.releases.rebuilt(notebook))


def _lacking(part: PartResult) -> list[TestResult]:
    return [test for test in part.tests if not test.held]


def _show(assignment: Assignment, result: SubmissionResult, part: PartResult) -> None:
    out.print(
        f"\n[bold]{part.id}[/]  {part.score:g} of {part.max_score:g}: {part.outcome}"
        f"{', the reference stood in for it in the training run' if part.replaced else ''}",
        highlight=False,
    )
    for test in _lacking(part):
        lines = [f"✗ {test.demand}"]
        if test.detail:
            lines.append(f"  observed: {test.detail}")
        if test.where:
            lines.append(f"  student's line: {test.where}")
        if test.hint:
            lines.append(f"  was told: {test.hint}")
        lines.append(f"  asked by: {_asked_by(assignment, part, test)}")
        for line in lines:
            out.print(unmarked(line), highlight=False, soft_wrap=True)
    if _lacking(part):
        out.print(f"  again: {unmarked(_again(assignment, result, part))}", highlight=False)


def _asked_by(assignment: Assignment, part: PartResult, test: TestResult) -> str:
    training = assignment.settings.training
    if training and test.name in {tier.name for tier in training.tier}:
        return "a tier of the training run, in assignment.toml"
    suite: Path = assignment.hidden_suite(part.id)
    return f"{suite.relative_to(assignment.course.root)}::{test.name}"


def _again(assignment: Assignment, result: SubmissionResult, part: PartResult) -> str:
    return f"speechmark why {assignment.name} {result.name} {part.id} --again"


def _as_json(
    assignment: Assignment, result: SubmissionResult, parts: list[PartResult]
) -> dict[str, Any]:
    return {
        "student": result.name,
        "parts": [
            {
                "part": part.id,
                "score": part.score,
                "max_score": part.max_score,
                "outcome": part.outcome,
                "lacking": [
                    test.model_dump(include={"demand", "outcome", "detail", "where", "hint"})
                    | {"asked_by": _asked_by(assignment, part, test)}
                    for test in _lacking(part)
                ],
                "again": _again(assignment, result, part),
            }
            for part in parts
        ],
    }
