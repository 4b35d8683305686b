"""From hidden suites to a part's points."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

import safetensors.torch
from torch import Tensor

from autograder.course.assignment import Assignment
from autograder.course.results import PartResult, TestResult
from autograder.course.settings import Part
from autograder.isolation.remote.student import RemoteStudent
from autograder.lab.testing.failures import NOT_INSTALLED, Crashed, Failure, Missing, Wrong
from autograder.lab.testing.runner import TestOutcome, explain, run_suite
from autograder.notebooks import solution_id
from autograder.support.sentences import say

_MAX_LINE = 120


def run_parts(
    assignment: Assignment,
    student: RemoteStudent,
    parts: Sequence[Part],
    sources: Mapping[str, str],
) -> list[list[TestResult]]:
    """Question ``student`` with the hidden suites of ``parts``.

    Args:
        assignment: whose suites, references and hints.
        student: the notebook behind the wall.
        parts: which parts, in order.
        sources: cell name to source, to quote the line on which the student's code raised.

    Raises:
        GraderFault: a suite itself is broken.
    """
    results = []
    for part in parts:
        reference = reference_tensors(assignment.reference_file(part.id))
        outcomes = run_suite(assignment.hidden_suite(part.id), student, reference)
        tests = [_result(o, part.id, student.cell_failures, assignment, sources) for o in outcomes]
        # A line is chosen by code that has seen hidden inputs: one per part is told.
        for test in [test for test in tests if test.where][1:]:
            test.where = None
        results.append(tests)
    return results


def part_result(part: Part, tests: Sequence[TestResult], key: str = "") -> PartResult:
    """Points of a part: its points times the share of weight passed, 0 if an essential failed.

    A test that was not asked has no weight. A part passes when every test does that was asked; a
    part whose tests the grader itself failed, or none of which was asked, scores nothing and is
    not graded.
    """
    asked = [test for test in tests if test.outcome != "skipped"]
    total = sum(test.weight for test in asked)
    passed = sum(test.weight for test in asked if test.outcome == "passed")
    void = any(test.essential and not test.held for test in asked)
    share = 0.0 if void or not total else passed / total
    outcomes = [test.outcome for test in asked if not test.held]
    if "grader" in outcomes or not asked:
        outcomes = ["grader"]
    return PartResult(
        id=part.id,
        score=round(part.points * share, 2),
        max_score=part.points,
        outcome=outcomes[0] if outcomes else "passed",
        tests=list(tests),
        key=key,
    )


def record(
    name: str,
    demand: str,
    failure: Failure | None,
    hints: Mapping[str, str],
    sources: Mapping[str, str],
    *,
    known: Collection[str] = (),
    weight: float = 1.0,
    essential: bool = False,
    seconds: float = 0.0,
    skipped: str = "",
) -> TestResult:
    """The record of a test that ended in ``failure``; if that is None it passed or was skipped."""
    if failure is None:
        return TestResult(
            name=name,
            demand=demand,
            outcome="skipped" if skipped else "passed",
            weight=weight,
            essential=essential,
            detail=skipped,
            seconds=seconds,
        )
    return TestResult(
        name=name,
        demand=demand,
        outcome=failure.outcome,
        hint=explain(failure, hints, known),
        hint_id=failure.hint if isinstance(failure, Wrong) and failure.hint in hints else None,
        where=_where(failure, sources),
        weight=weight,
        essential=essential,
        detail=_detail(failure),
        seconds=seconds,
    )


def muted(test: TestResult) -> TestResult:
    """A test asked of a worker in which code of the reference lay, as students may read it.

    What was raised, and where, is chosen by code that could read that reference: it is left to
    staff, in the detail.
    """
    if test.outcome != "crashed":
        return test
    said = explain(Crashed("an error"), {})
    detail = f"{test.where}: {test.detail}" if test.where else test.detail
    return test.model_copy(update={"hint": said, "where": None, "detail": detail})


def _result(
    outcome: TestOutcome,
    part: str,
    cells: Mapping[str, Failure],
    assignment: Assignment,
    sources: Mapping[str, str],
) -> TestResult:
    failure = _cause(outcome.failure, part, cells)
    return record(
        outcome.name,
        outcome.demand,
        failure,
        assignment.hints,
        sources,
        known=assignment.shown_names if isinstance(failure, Crashed) else (),
        weight=outcome.weight,
        essential=outcome.essential,
        seconds=outcome.seconds,
        skipped=outcome.skipped,
    )


def _cause(failure: Failure | None, part: str, cells: Mapping[str, Failure]) -> Failure | None:
    """What made a test fail: where a name is missing, the failure of the cell that was to make it.

    Args:
        failure: how the test ended.
        part: whose test it is.
        cells: how cells ended that did not end well.
    """
    if isinstance(failure, Missing):
        return cells.get(solution_id(part), failure)
    if isinstance(failure, Crashed) and failure.kind == "NameError":
        crashes = (f for f in cells.values() if isinstance(f, Crashed))
        return next((f for f in crashes if f.kind in NOT_INSTALLED), failure)
    return failure


def _where(failure: Failure, sources: Mapping[str, str]) -> str | None:
    """The student's own line, quoted from the notebook and not from the worker's answer."""
    if not isinstance(failure, Crashed) or failure.line is None or failure.cell is None:
        return None
    if failure.cell not in sources:
        return None
    lines = sources[failure.cell].splitlines()
    if not 1 <= failure.line <= len(lines):
        return None
    code = lines[failure.line - 1].strip()[:_MAX_LINE]
    return say("page.line", line=failure.line, code=code)


def _detail(failure: Failure) -> str:
    if isinstance(failure, Wrong):
        return failure.observed[:500]
    if isinstance(failure, Crashed):
        return f"{failure.kind}: {failure.detail}"[:500]
    return str(failure)[:500]


@cache
def reference_tensors(file: Path) -> dict[str, Tensor]:
    """What a part's oracle computed, by name; nothing if it has no file."""
    return safetensors.torch.load_file(file) if file.is_file() else {}
