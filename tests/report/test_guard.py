"""What a student's page can tell of a worker in which code of the reference lay."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.results import SubmissionResult, Training
from autograder.course.settings import TrainingSettings
from autograder.report.run_view import MOST_BITS, carried, coarse, run_view
from autograder.report.student_page import student_view
from tests.report.birdsong import RUN, check, own, part, result, training

FAILED = part("voice", 0.0, check("test_v", "wrong")).model_copy(update={"replaced": True})
ENDED = part("melody", 0.0, check("moves", "crashed"), check("sings", "crashed"))
SHORT = part(
    "melody", 0.0, check("moves"), check("sings", "wrong", hint_id="melody.held_back")
)  # fmt: skip
STAND_IN = {"start": 0.5, "gain": 0.4, "songs": 0.9}

numbers = st.one_of(st.floats(), st.floats(-1, 1))
curves = st.lists(numbers, max_size=20)
runs = st.builds(
    dict,
    measures=st.fixed_dictionaries(dict.fromkeys(("start", "gain", "songs"), numbers)),
    curves=st.dictionaries(st.sampled_from(["loss", "rank", "more"]), curves, max_size=3),
    signals=st.dictionaries(st.text(max_size=5), numbers, max_size=3),
    points=st.lists(st.lists(numbers, min_size=2, max_size=2), max_size=9),
    stand_in=st.fixed_dictionaries(dict.fromkeys(("start", "gain", "songs"), numbers)),
    cpu_seconds=numbers,
    embedding_seconds=numbers,
    flags=st.lists(st.text(max_size=5), max_size=2),
)


def guarded(run: Training) -> SubmissionResult:
    return result("ada", FAILED, SHORT, training=run)


def rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: coarse(value) for name, value in values.items()}


@settings(max_examples=100)
@given(runs)
def test_all_that_is_said_of_a_guarded_run_are_its_rounded_measures(facts: dict[str, Any]) -> None:
    plainest = {
        "measures": rounded(facts["measures"]),
        "stand_in": {"songs": coarse(facts["stand_in"]["songs"])},
        "curves": {},
        "points": [],
    }
    pages = [student_view(guarded(training(**changes)), None, RUN) for changes in (facts, plainest)]
    assert repr(pages[0]) == repr(pages[1])


@pytest.mark.parametrize("count", [1, 4, 12])
def test_a_guarded_page_carries_at_most_64_bits(count: int) -> None:
    """Every measure on a fine grid: how many pages differ, and the bits of all together."""
    measure = {"of": "after", "by": "linear_probe", "title": "t"}
    of = [{"name": f"m{i}", "calibrated": i == 0, **measure} for i in range(count)]
    tier = {"demand": "It holds.", "measure": "m0", "above": ["calibrated"], "hint": "h"}
    many = TrainingSettings.model_validate(
        RUN.model_dump() | {"measure": of, "tier": [{"name": f"t{i}", **tier} for i in range(4)]}
    )
    grid = [i / 200 for i in range(-210, 211)] + [math.nan, math.inf, -math.inf, 1e9, -1e9]

    def pages(**changes: Any) -> int:
        """How many different pages a field makes, over the values of the grid."""
        (field, name), *_ = changes.items()
        said = set()
        for value in grid:
            run = training(bars={"m0": 0.8}, **{field: {"m0": 0.5, name: value}})
            said.add(repr(run_view(guarded(run), many, staff=False)))
        return len(said)

    told = [math.log2(pages(measures=measure.name)) for measure in many.measure]
    told.append(math.log2(pages(stand_in="m0")))
    assert len(carried(many)) == len([bits for bits in told[:-1] if bits])
    reached, held_back = len(many.tier), math.log2(1 + len(many.swap))
    errors, length, counts = math.log2(80), 1, 1
    assert sum(told) + reached + held_back + errors + length + counts <= MOST_BITS


def test_measures_of_tiers_and_those_without_a_network_go_first() -> None:
    extra = [
        {"name": f"m{i}", "of": "after", "by": "linear_probe", "title": "t"} for i in range(20)
    ]
    many = RUN.model_dump()
    many["measure"] = [*extra, *many["measure"]]
    names = {m.name for m in carried(TrainingSettings.model_validate(many))}
    assert {"gain", "songs", "plain"} < names
    assert carried(RUN) == list(RUN.measure)


@pytest.mark.parametrize(
    ("parts", "changes"),
    [
        ([FAILED, SHORT], {}),
        ([SHORT], {"stand_in": STAND_IN}),
        ([ENDED], {}),
        ([part("melody", 0.0, check("moves", "wrong", hint_id="training.not_finite"))], {}),
        ([part("melody", 0.0, check("moves", "wrong"))], {}),
    ],
    ids=["a part is replaced", "a run with the reference counts", "the own run crashed",
         "the own run is not finite", "why the own run ended is not on record"],
)  # fmt: skip
def test_curves_and_pictures_are_for_staff_while_the_reference_takes_part(
    tmp_path: Path, parts: list[Any], changes: dict[str, Any]
) -> None:
    work = result("ada", *parts, training=training(signals={"shift": 0.125}, **changes))
    student, staff = own(tmp_path, work), own(tmp_path, work, "staff")
    for drawn in ("<polyline", "t-SNE", "86.0%", "Signal shift"):
        assert drawn not in student.source
        assert drawn in staff.source
    assert "songs told apart 86% bar 80.0%" in student.text
    assert "Code of the reference took part in this run" in student.text


def test_a_run_of_the_students_own_is_shown_whole(tmp_path: Path) -> None:
    page = own(tmp_path, result("ada", SHORT, training=training()))
    for drawn in ("<polyline", "t-SNE", "86.0%"):
        assert drawn in page.source
    assert "Code of the reference" not in page.text


def test_the_run_that_counts_in_place_of_the_own_is_told(tmp_path: Path) -> None:
    work = result("ada", SHORT, training=training(stand_in=STAND_IN, cause="Too slow a throat."))
    text = own(tmp_path, work).text
    assert (
        "With the reference's Throat in place of the notebook's own (songs told apart): 90%."
        in (text)
    )
    assert "Too slow a throat." in text
