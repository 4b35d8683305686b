"""Mutants are tried once, and a survivor is explained by the reason that fits it."""

import pytest

from autograder.authoring.new import new
from autograder.course.assignment import Assignment
from tests.benchmarks.mutation import trials
from tests.benchmarks.mutation.mutants import Mutant, mutants
from tests.benchmarks.mutation.trials import Trial, explanation, run, tried
from tests.benchmarks.trial import PASSED, Ending
from tests.toys import empty_course

WRONG = Ending("test_value", "wrong", "some.hint")


@pytest.fixture
def asked(tmp_path, monkeypatch) -> tuple[Assignment, list[str]]:
    """An assignment of one part, and the sources that its suite was asked about."""
    assignment = new(empty_course(tmp_path), "loudness")
    sources = []

    def answer(assignment, part, source):
        sources.append(source)
        return PASSED if source == assignment.reference_cells[part] else WRONG

    monkeypatch.setattr(trials, "ending", answer)
    monkeypatch.setattr(trials, "collect", lambda *_: None)
    return assignment, sources


def test_a_run_that_was_stopped_goes_on_where_it_stopped(asked):
    assignment, sources = asked
    part = assignment.automatic[0].id
    every = [mutant.source for mutant in mutants(assignment.reference_cells[part])]
    begun = run(assignment, part)
    first = [next(begun), next(begun)]
    begun.close()
    assert tried(assignment) == []
    again = list(run(assignment, part))
    assert again[:2] == first
    assert [source for source in sources if source in every] == every
    assert tried(assignment) == again


def test_what_was_tried_under_another_suite_is_tried_again(asked):
    assignment, sources = asked
    part = assignment.automatic[0].id
    list(run(assignment, part))
    suite = assignment.hidden_suite(part)
    suite.write_text(suite.read_text() + "\n# Another one.\n")
    changed = Assignment(assignment.course, assignment.folder)
    assert tried(changed) == []
    asked_before = len(sources)
    list(run(changed, part))
    assert len(sources) == 2 * asked_before


def test_a_suite_that_fails_the_reference_ends_the_run(asked, monkeypatch):
    monkeypatch.setattr(trials, "ending", lambda *_: WRONG)
    assignment, _ = asked
    with pytest.raises(RuntimeError, match="reference itself"):
        list(run(assignment, assignment.automatic[0].id))


def survivor(**fields: str) -> Trial:
    places = {"function": "scale", "before": "return a + 1", "after": "return a + 2"}
    return Trial("loudness", Mutant("constant", **{**places, **fields}, source=""), PASSED)


def test_a_reason_fits_where_all_that_it_says_is_so():
    reason = {"part": "loudness", "before": "a + 1", "after": "a + 2", "why": "Either is right."}
    assert explanation(survivor(), [reason]) is reason
    assert explanation(survivor(after="return a + 3"), [reason]) is None
    assert explanation(survivor(before="return b"), [reason]) is None
    assert explanation(survivor()._replace(part="other"), [reason]) is None
    assert explanation(survivor(), [{**reason, "function": "other"}]) is None
