"""Which submissions have a result already. Light to import: neither torch nor a sandbox.

Notebooks are untrusted and are read here, so this is done in a process of its own: whatever
ends that one, everything is graded as if nothing was stored.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from autograder import notebooks
from autograder.course.assignment import Course
from autograder.course.conditions import Conditions
from autograder.course.results import SubmissionResult
from autograder.course.store import Store
from autograder.course.submissions import Submission
from autograder.support.errors import SpeechmarkError


def stored_results(
    course: Path,
    assignment: str,
    conditions: Conditions,
    level: int,
    submissions: Sequence[Submission],
) -> dict[Submission, SubmissionResult]:
    """The stored results of those of ``submissions`` that have one.

    Args:
        course: root of the course.
        assignment: name of the assignment.
        conditions: under which a result must have been made.
        level: isolation level below which it must not have been made.
        submissions: whose.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as pool:
        try:
            given = (course, assignment, conditions, level, submissions)
            found = pool.submit(_find, *given).result()
        except BrokenProcessPool:
            return {}
    return {
        submission: SubmissionResult.model_validate_json(text) for submission, text in found.items()
    }


def _find(
    course: Path,
    assignment: str,
    conditions: Conditions,
    level: int,
    submissions: Sequence[Submission],
) -> dict[Submission, str]:
    which = Course(course).assignment(assignment)
    store, release = Store(which), notebooks.read(which.release_notebook)
    found = {}
    for submission in submissions:
        try:
            rebuilt = notebooks.rebuild(notebooks.read(submission.notebook()), release)
        except (SpeechmarkError, OSError, ValueError, RecursionError, MemoryError):
            continue  # who grades it says what is wrong with it
        result = store.fit(conditions.key(rebuilt.cells), submission.name, level)
        if result:
            result = result.model_copy(update={"repairs": list(rebuilt.repairs)})
            found[submission] = result.model_dump_json()
    return found
