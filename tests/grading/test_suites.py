"""From the outcomes of tests to the points of a part."""

from __future__ import annotations

import pytest

from autograder.course.results import TestResult
from autograder.course.settings import Part
from autograder.grading.suites import muted, part_result, record
from autograder.lab.testing.failures import Crashed, Missing, TimedOut, Wrong
from autograder.lab.testing.outcomes import Outcome

PART = Part(id="net", points=6)


def ended(outcome: Outcome, weight: float = 1.0, essential: bool = False) -> TestResult:
    return TestResult(
        name="test_it", demand="It holds.", outcome=outcome, weight=weight, essential=essential
    )


@pytest.mark.parametrize(
    ("tests", "score", "outcome"),
    [
        ([ended("passed"), ended("passed", 2)], 6, "passed"),
        ([ended("passed"), ended("wrong", 2)], 2, "wrong"),
        ([ended("wrong"), ended("crashed")], 0, "wrong"),
        # What was not asked has no weight, passed or not.
        ([ended("passed"), ended("skipped", 9)], 6, "passed"),
        ([ended("skipped", 9), ended("passed"), ended("timeout", 2)], 2, "timeout"),
        ([ended("skipped", 9, essential=True), ended("passed")], 6, "passed"),
        # Without what is essential the rest is worth nothing.
        ([ended("wrong", 0, essential=True), ended("passed", 5)], 0, "wrong"),
        ([ended("passed", 0, essential=True), ended("passed", 5)], 6, "passed"),
        # Nothing asked, or something the grader failed at: nobody's mistake, and no grade.
        ([ended("skipped"), ended("skipped")], 0, "grader"),
        ([], 0, "grader"),
        ([ended("passed"), ended("grader"), ended("wrong")], 3, "grader"),
        # Conditions that weigh nothing are no points.
        ([ended("passed", 0)], 0, "passed"),
    ],
)
def test_points_are_the_share_of_weight_that_passed(tests, score, outcome):
    result = part_result(PART, tests, "key")
    if outcome != "grader":
        assert result.score == score
    assert (result.outcome, result.max_score, result.key) == (outcome, 6, "key")
    assert result.tests == tests


HINTS = {"net.sum": "A sum. Which?"}
SOURCES = {"net_solution": "def net(x):\n    return x[0]\n"}


def test_a_test_that_was_not_asked_is_on_record_with_its_reason_and_no_hint():
    found = record("test_it", "It holds.", None, HINTS, SOURCES, weight=3, skipped="later")
    assert (found.outcome, found.detail, found.hint, found.weight) == ("skipped", "later", None, 3)
    assert found.held


def test_a_mistake_is_answered_from_the_catalogue_and_what_was_seen_is_for_staff():
    found = record("test_it", "It holds.", Wrong("net.sum", "3 for 2"), HINTS, SOURCES)
    assert (found.outcome, found.hint, found.hint_id) == ("wrong", "A sum. Which?", "net.sum")
    assert found.detail == "3 for 2"


@pytest.mark.parametrize(
    ("failure", "where"),
    [
        (Crashed("IndexError", "x", 2, "net_solution"), "line 2: return x[0]"),
        (Crashed("IndexError", "x", 99, "net_solution"), None),
        (Crashed("IndexError", "x", 2, "a cell that there is not"), None),
        (Crashed("IndexError", "x"), None),
        (TimedOut(), None),
        (Missing("net"), None),
    ],
)
def test_a_line_is_quoted_from_the_notebook_alone(failure, where):
    assert record("test_it", "It holds.", failure, HINTS, SOURCES).where == where


def test_of_a_worker_that_held_the_reference_nothing_is_told_that_its_code_chose():
    """However it raises, a student reads one and the same; staff read all."""
    crashes = [
        Crashed(kind, "a secret", line, "net_solution")
        for kind in ("IndexError", "ValueError", "Odd")
        for line in (1, 2, None)
    ]
    found = [muted(record("test_it", "It holds.", c, HINTS, SOURCES)) for c in crashes]
    assert len({test.model_copy(update={"detail": ""}).model_dump_json() for test in found}) == 1
    assert found[1].detail == "line 2: return x[0]: IndexError: a secret"
    assert "secret" not in (found[0].hint or "")


def test_what_is_told_otherwise_is_not_muted():
    for failure in (Wrong("net.sum"), TimedOut(), Missing("net"), None):
        test = record("test_it", "It holds.", failure, HINTS, SOURCES)
        assert muted(test) == test
