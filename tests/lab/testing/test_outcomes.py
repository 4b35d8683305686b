"""One vocabulary: every way to end a test has its words, its sign and its mark."""

from __future__ import annotations

from typing import get_args

import pytest

from autograder.lab.testing import failures
from autograder.lab.testing.outcomes import LEGEND, OUTCOMES, Outcome, held


def test_every_outcome_is_said():
    assert OUTCOMES.keys() == set(get_args(Outcome))
    assert all(said.words and len(said.sign) == 1 for said in OUTCOMES.values())
    words = [said.words for said in OUTCOMES.values()]
    assert len(set(words)) == len(words)


def test_every_failure_is_an_outcome():
    kinds = failures.Failure.__subclasses__()
    assert {kind.outcome for kind in kinds} == OUTCOMES.keys() - {"passed", "skipped"}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_holds_has_no_mark_beside_points_and_all_else_is_in_the_legend(outcome):
    mark = OUTCOMES[outcome].mark
    assert held(outcome) == (outcome in ("passed", "skipped")) == (mark == "")
    assert f" {mark} " in f" {LEGEND} " if mark else True
