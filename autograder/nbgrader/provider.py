"""Results for ``nbgrader autograde``: the stored one, else graded on the spot."""

from __future__ import annotations

import atexit
from pathlib import Path

from autograder.course.assignment import Course
from autograder.course.results import SubmissionResult
from autograder.grading.grader import Grader
from autograder.grading.job import Job

_graders: dict[tuple[Path, str], Grader] = {}


def result_for(course: Path, assignment: str, content: bytes, name: str) -> SubmissionResult:
    """The result of one submission: the stored one, else graded now. What nbgrader asks.

    Raises:
        SpeechmarkError: the notebook cannot be read, or level 3 is not to be had.
    """
    key = (course.resolve(), assignment)
    if key not in _graders:
        _graders[key] = Grader(Job(Course(course).assignment(assignment), device="auto"))
        atexit.register(_graders[key].close)
    return _graders[key].result(name, content)
