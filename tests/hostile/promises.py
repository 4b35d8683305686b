"""What must hold of every hostile submission, at every level."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.bulk import _grade
from autograder.isolation.sandbox import unavailable
from autograder.results import SubmissionResult
from autograder.submissions import submitted
from tests.hostile.arena import (
    Arena,
    active_markup,
    hand_in,
    pages,
    points,
    read_by_students,
    remove,
)
from tests.hostile.corpus import Case, cases

LONGEST_RECORD = 1 << 20


def needs(level: int) -> Any:
    """Skip a module whose level this machine does not offer."""
    why = unavailable(level)
    return pytest.mark.skipif(bool(why), reason=f"level {level}: {why}")


def of_kind(kind: str, level: int) -> list[Any]:
    """The cases to run at ``level``, as parameters; those known to succeed must go on doing so."""
    return [
        pytest.param(case, id=case.name, marks=_known(case))
        for case in cases(kind)
        if case.runs_at(level)
    ]


def _known(case: Case) -> list[Any]:
    if "open" not in case.keys:
        return []
    return [pytest.mark.xfail(strict=True, raises=AssertionError, reason=case.keys["open"])]


def check_code(case: Case, place: Arena) -> None:
    """Grade a case of ``code/`` and check all that is promised of it."""
    place.watch()
    result = place.grade(place.hostile(case))
    changed = place.changes()
    assert result.graded, result.notes
    assert changed == []
    if place.level == 1 and "control" in case.keys:
        assert "got through" in result.model_dump_json()
        return
    gains_nothing(case, place, result)
    tells_nothing(place, result)
    spares_the_next(place)


def check_file(case: Case, place: Arena) -> None:
    """Hand in a case of ``files/`` beside an honest submission and grade both."""
    place.watch()
    folder = hand_in(case, place, "eve")
    try:
        results = {
            submission.name: SubmissionResult.model_validate_json(
                _grade(True, place.grader, submission)
            )
            for submission in submitted(place.assignment)
        }
    finally:
        remove(folder)
    assert place.changes() == []
    eve = results["eve"]
    if case.keys["deserves"] == "refused":
        assert not eve.graded
        (why,) = eve.notes
        assert 10 < len(why) < 400, "no clear message"
        assert "Traceback" not in why
    else:
        assert eve.graded, eve.notes
        assert points(eve) == points(place.honest)
    tells_nothing(place, eve)
    assert marks(results["honest"]) == marks(place.honest)


def gains_nothing(case: Case, place: Arena, result: SubmissionResult) -> None:
    """The attacked part is worth nothing, the others what honest work is worth."""
    got, due = points(result), points(place.honest)
    if case.part is not None:
        assert got.pop(case.part) == 0.0
        due.pop(case.part)
    assert all(got[part] <= due[part] for part in due)
    if "hurts" not in case.keys:
        assert got == due


def tells_nothing(place: Arena, result: SubmissionResult) -> None:
    """No secret in the record, nothing hidden in what a student reads, nothing that runs."""
    record = result.model_dump_json()
    assert len(record) < LONGEST_RECORD
    assert place.token not in record
    assert "got through" not in record
    assert "leaked" not in read_by_students(result)
    assert [markup for page in pages(result) for markup in active_markup(page)] == []


def spares_the_next(place: Arena) -> None:
    """The honest submission ends as it did before, test by test."""
    assert marks(place.grade(place.work(), "honest")) == marks(place.honest)


def marks(result: SubmissionResult) -> list[tuple[str, float, str, str]]:
    """Part, points, test and outcome, for all tests."""
    return [(p.id, p.score, t.name, t.outcome) for p in result.parts for t in p.tests]
