"""Hostile files are refused with one message, or graded as the honest work that is in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.batch.bulk import _grade
from autograder.course.results import SubmissionResult
from autograder.course.submissions import submitted
from tests.hostile.arena import HONEST, UNTOUCHED, Arena, arena
from tests.hostile.corpus import Case, cases
from tests.hostile.promises import check_file, is_honest, needs, of_kind

pytestmark = needs(3)


@pytest.fixture(scope="module")
def place() -> Iterator[Arena]:
    """Where every file of the corpus is handed in, among honest submissions."""
    with arena(3) as made:
        for student in ("early", "honest", "zealous"):
            folder = made.root / "submitted" / student / "contrastive"
            folder.mkdir(parents=True)
            (folder / "contrastive.ipynb").write_bytes(made.honest())
        for case in cases("files"):
            made.hand_in(case, case.name)
        made.mark_only(*HONEST, UNTOUCHED)
        made.watch()
        yield made


@pytest.fixture(scope="module")
def graded(place: Arena) -> dict[str, SubmissionResult]:
    """Student to result, of the whole class."""
    return {
        submission.name: SubmissionResult.model_validate_json(
            _grade(True, place.grader, submission)
        )
        for submission in submitted(place.assignment)
    }


@pytest.mark.parametrize("case", of_kind("files", 3))
def test_a_hostile_file_is_refused_or_graded_as_what_is_honest_in_it(
    place: Arena, graded: dict[str, SubmissionResult], case: Case
) -> None:
    check_file(case, place, graded[case.name])


@pytest.mark.parametrize("student", ["early", "honest", "zealous"])
def test_the_honest_among_them_get_what_they_deserve(
    place: Arena, graded: dict[str, SubmissionResult], student: str
) -> None:
    assert is_honest(place, graded[student])


def test_nothing_of_the_course_is_changed_and_no_process_left(
    place: Arena, graded: dict[str, SubmissionResult]
) -> None:
    assert place.changes() == []
