"""Which submissions have a result already. Light to import: neither torch nor a sandbox.

Notebooks are untrusted and are read here, so this is done in a process of its own: whatever
ends that one, everything is graded as if nothing was stored.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from autograder import notebooks
from autograder.course.releases import Releases
from autograder.course.results import SubmissionResult
from autograder.course.submissions import Submission
from autograder.grading.job import Job
from autograder.store.results import Store
from autograder.support.errors import SpeechmarkError


def stored_results(
    job: Job, submissions: Sequence[Submission]
) -> dict[Submission, SubmissionResult]:
    """The results that are stored already and that ``job`` would come to again."""
    if Store(job.assignment).is_empty():
        return {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as pool:
        try:
            found = pool.submit(_find, job, submissions).result()
        except BrokenProcessPool:
            return {}
    return {
        submission: SubmissionResult.model_validate_json(text) for submission, text in found.items()
    }


def _find(job: Job, submissions: Sequence[Submission]) -> dict[Submission, str]:
    store, conditions = Store(job.assignment), job.conditions()
    releases = Releases(job.assignment)
    found = {}
    for submission in submissions:
        try:
            rebuilt = releases.rebuilt(notebooks.read(submission.notebook()))
        except (SpeechmarkError, OSError, ValueError, RecursionError, MemoryError):
            continue  # who grades it says what is wrong with it
        key = conditions.key(rebuilt.cells)
        if result := store.find(key, job.level, submission.name, rebuilt):
            found[submission] = result.model_dump_json()
    return found
