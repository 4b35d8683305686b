"""The record of a submission that has no grade."""

from __future__ import annotations

from autograder.course.assignment import Assignment
from autograder.course.results import Environment, SubmissionResult
from autograder.support.plaintext import plain


def fault_in_words(fault: Exception) -> str:
    """The grader's own fault in a sentence that can be written down, whatever it quotes."""
    return plain(f"The grader failed: {type(fault).__name__}: {fault}", 2000)


def not_graded(name: str, assignment: Assignment, why: str, where: Environment) -> SubmissionResult:
    """The record of a submission of whose worth nothing is known."""
    return SubmissionResult(
        name=name,
        assignment=assignment.name,
        key="",
        score=0.0,
        max_score=assignment.max_score,
        parts=[],
        notes=[why],
        graded=False,
        environment=where,
    )
