"""A tier is reached above one of its bars, with the tiers it rests on; once reached it stays so."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.course.results import Training
from autograder.course.settings import TrainingSettings
from autograder.grading.suites import part_result
from autograder.grading.tiers import (
    awarded,
    best_first,
    margins,
    needed,
    reached,
    reached_by,
    reaches_all,
)
from autograder.lab.testing.failures import Crashed, OutOfMemory, TimedOut
from tests.grading.toy import toy

MEASURES = ("untrained", "log_mel", "probe", "few")


def settings(*tiers: dict[str, object]) -> TrainingSettings:
    """Settings with these tiers, whose measures "probe" and "few" are calibrated."""
    return TrainingSettings.model_validate(
        {
            "part": "views",
            "corpora": ["fsdd"],
            "inputs": ["mels"],
            "measure": [
                {"name": m, "of": "after", "by": "linear_probe", "title": m, "calibrated": c}
                for m, c in zip(MEASURES, (False, False, True, True), strict=True)
            ],
            "tier": [
                {"name": f"tier{i}", "demand": "It holds.", "hint": f"views.{i}", **tier}
                for i, tier in enumerate(tiers)
            ],
        }
    )


def run(bars: dict[str, float] | None = None, **measured: float) -> Training:
    return Training(
        corpus="fsdd",
        digest="",
        recipe={},
        seed=0,
        measures=dict.fromkeys(MEASURES, 0.0) | measured,
        bars={"probe": 0.8, "few": 0.6} if bars is None else bars,
    )


@pytest.mark.parametrize(
    ("above", "measured", "there"),
    [
        # One of them is enough, whichever it is.
        (["untrained", "log_mel"], {"probe": 0.5, "untrained": 0.4, "log_mel": 0.9}, True),
        (["untrained", "log_mel"], {"probe": 0.5, "untrained": 0.9, "log_mel": 0.4}, True),
        (["untrained", "log_mel"], {"probe": 0.5, "untrained": 0.6, "log_mel": 0.7}, False),
        # A bar has to be exceeded.
        (["untrained"], {"probe": 0.5, "untrained": 0.5}, False),
        ([0.5], {"probe": 0.5}, False),
        ([0.5], {"probe": 0.5001}, True),
        ([-0.5], {"probe": -0.4}, True),
        ([0.0, "calibrated"], {"probe": 0.1}, True),
        # The calibrated bar is that of the tier's own measure.
        (["calibrated"], {"probe": 0.8}, False),
        (["calibrated"], {"probe": 0.81}, True),
        (["calibrated"], {"probe": 0.7, "few": 0.7}, False),
        (["untrained", "calibrated"], {"probe": 0.82, "untrained": 0.9}, True),
        # What is not a number reaches nothing.
        ([0.0], {"probe": math.nan}, False),
        (["untrained"], {"probe": 0.9, "untrained": math.nan}, False),
    ],
)
def test_a_tier_is_reached_above_one_of_its_bars(above, measured, there):
    of = settings({"measure": "probe", "above": above})
    assert (reached_by(run(**measured), of) == {"tier0"}) is there


def test_while_bars_are_sought_a_calibrated_tier_is_out_of_reach():
    of = settings({"measure": "probe", "above": ["calibrated"]})
    assert needed(of.tier[0], {"probe": 1.0}, {}) == [math.inf]
    assert reached_by(run({}, probe=1.0), of) == set()


def test_each_calibrated_tier_has_the_bar_of_its_own_measure():
    of = settings(
        {"measure": "probe", "above": ["calibrated"]}, {"measure": "few", "above": ["calibrated"]}
    )
    assert reached_by(run(probe=0.7, few=0.7), of) == {"tier1"}
    assert reached_by(run(probe=0.9, few=0.5), of) == {"tier0"}


@given(st.dictionaries(st.sampled_from(MEASURES), st.floats(0, 1)), st.floats(0, 1))
def test_a_run_reaches_every_tier_where_every_margin_is_above_zero(measured, bar):
    of = settings(
        {"measure": "probe", "above": ["untrained", 0.7]},
        {"measure": "few", "above": ["calibrated"], "also": ["tier0"]},
    )
    measures = dict.fromkeys(MEASURES, 0.0) | measured
    there = reaches_all([run({"few": bar}, **measures)], of)
    assert all(x > 0 for x in margins(measures, {"few": bar}, of).values()) is there


RESTS = settings(
    {"measure": "probe", "above": ["untrained"]},
    {"measure": "few", "above": [0.5]},
    {"measure": "few", "above": [0.2], "also": ["tier0", "tier1"]},
)


@pytest.mark.parametrize(
    ("probe", "few", "there"),
    [
        (0.5, 0.6, {"tier0", "tier1", "tier2"}),
        (0.0, 0.6, {"tier1"}),
        (0.5, 0.4, {"tier0"}),
        (0.0, 0.1, set()),
    ],
)
def test_a_tier_that_rests_on_others_is_reached_with_them_alone(probe, few, there):
    assert reached_by(run(probe=probe, few=few, untrained=0.1), RESTS) == there


def test_what_one_run_reaches_is_reached_but_tiers_rest_on_one_and_the_same_run():
    first, second = run(probe=0.5, untrained=0.1), run(few=0.6, untrained=0.1)
    assert reached([first, second], RESTS) == {"tier0", "tier1"}
    assert not reaches_all([first, second], RESTS)
    assert reached([], RESTS) == set()


CHAIN = settings(
    {"measure": "probe", "above": ["untrained"]},
    {"measure": "few", "above": [0.2], "also": ["tier0"]},
    {"measure": "few", "above": ["calibrated"], "also": ["tier1"]},
)

three = st.fixed_dictionaries({m: st.floats(0, 1) for m in MEASURES})


@given(st.lists(three, max_size=4))
def test_a_further_run_never_takes_a_tier_away(measured):
    runs = [run(**m) for m in measured]
    for n in range(len(runs)):
        assert reached(runs[:n], RESTS) <= reached(runs[: n + 1], RESTS)
    assert reaches_all(runs, RESTS) == (len(reached(runs, RESTS)) == 3)


def test_the_best_run_is_the_best_by_the_measure_of_the_last_tier():
    first, second = run(probe=0.9, few=0.1), run(probe=0.1, few=0.9)
    assert best_first([first, second], RESTS) == [second, first]
    of_probe = settings({"measure": "few", "above": [0.5]}, {"measure": "probe", "above": [0.5]})
    assert best_first([second, first], of_probe) == [first, second]


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return toy(tmp_path)


def toys(probe: float, untrained: float = 0.3) -> Training:
    update = {"measures": {"probe": probe, "untrained": untrained}, "bars": {"probe": 0.8}}
    return run().model_copy(update=update)


def outcomes(assignment: Assignment, *runs: Training, cause: str | None = None) -> list[str]:
    return [test.outcome for test in awarded(assignment, runs, None, cause, {})]


def test_each_tier_is_a_test_with_its_own_demand_weight_and_hint(assignment):
    tests = awarded(assignment, [toys(0.4)], None, None, {})
    assert [test.outcome for test in tests] == ["passed", "wrong", "wrong"]
    assert [test.weight for test in tests] == [1, 1, 2]
    assert [test.hint_id for test in tests] == [None, "views.half", "views.bar"]
    assert tests[1].hint == assignment.hints["views.half"]
    assert tests[0].demand == "The probe is above that of the untrained network."
    assert tests[2].detail == "0.400 against 0.800"
    assert part_result(assignment.part("views"), tests).score == 0.75


def test_every_run_that_counts_is_told_to_staff(assignment):
    tests = awarded(assignment, [toys(0.6), toys(0.7)], None, None, {})
    assert tests[2].detail == "0.600 against 0.800; 0.700 against 0.800"


def test_tiers_of_several_runs_add_up(assignment):
    assert outcomes(assignment, toys(0.45, 0.3), toys(0.6, 0.9)) == ["passed", "passed", "wrong"]


def test_a_cause_is_told_in_place_of_the_hint_of_a_calibrated_bar_alone(assignment):
    tests = awarded(assignment, [toys(0.2)], None, "views.held_back_by_net", {})
    assert [t.hint_id for t in tests] == ["views.untrained", "views.half", "views.held_back_by_net"]
    assert tests[2].hint == assignment.hints["views.held_back_by_net"]


def test_what_rests_on_a_tier_that_is_not_reached_is_answered_by_that_tiers_hint():
    """A collapsed network may well read digits above the bar: nobody is told that it does not."""
    collapsed = run(probe=0.0, few=0.9, untrained=0.1)
    of = SimpleNamespace(training=CHAIN, hints=dict.fromkeys(("views.0", "views.1", "views.2"), ""))
    tests = awarded(of, [collapsed], None, None, {})
    assert [test.outcome for test in tests] == ["wrong"] * 3
    assert [test.hint_id for test in tests] == ["views.0"] * 3
    assert tests[2].detail == "views.2: 0.900 against 0.600"


def test_a_tier_is_answered_by_its_own_hint_where_those_it_rests_on_are_reached(assignment):
    of = SimpleNamespace(training=CHAIN, hints=assignment.hints)
    tests = awarded(of, [run(probe=0.5, few=0.5, untrained=0.1)], None, None, {})
    assert [test.outcome for test in tests] == ["passed", "passed", "wrong"]
    assert tests[2].detail == "0.500 against 0.600"


@pytest.mark.parametrize("end", [Crashed("KeyError", "mine"), TimedOut(), OutOfMemory()])
def test_a_run_that_was_ended_fails_every_tier_as_it_ended(assignment, end):
    tests = awarded(assignment, [], end, None, {})
    assert {test.outcome for test in tests} == {end.outcome}
    assert not any("mine" in (test.hint or "") for test in tests)


def test_where_a_run_counts_the_failure_of_another_is_not_told(assignment):
    tests = awarded(assignment, [toys(0.9)], Crashed("KeyError"), None, {})
    assert [test.outcome for test in tests] == ["passed"] * 3
