"""A cell's marks are read in one place, and from any notebook."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.notebooks import MarkedCell, cells_of, part_of, solution_id


def cell(cell_type: str = "code", **marks: Any) -> MarkedCell:
    return MarkedCell({"cell_type": cell_type, "metadata": {"nbgrader": marks}, "source": "x = 1"})


@given(st.text(min_size=1))
def test_the_cell_with_a_parts_code_belongs_to_that_part(part: str) -> None:
    assert part_of(solution_id(part)) == part


def test_code_and_its_graded_cell_belong_to_one_part_and_locked_cells_to_none() -> None:
    code = cell(grade_id="fade_solution", solution=True)
    graded = cell(grade_id="fade", grade=True, points=2)
    setup = cell(grade_id="setup", locked=True)
    assert (code.part, graded.part, setup.part) == ("fade", "fade", None)
    assert [c.holds_code for c in (code, graded, setup)] == [True, False, False]
    assert (graded.marks.points, code.marks.points) == (2.0, 0.0)


def test_an_answer_is_the_students_and_holds_no_code() -> None:
    answer = cell("markdown", grade_id="discussion", grade=True, solution=True)
    assert answer.part == "discussion"
    assert not answer.holds_code


def test_what_is_written_to_a_cell_is_in_the_notebook() -> None:
    notebook = {"cells": [cell(grade_id="fade_solution", solution=True).raw]}
    for each in cells_of(notebook):
        each.source = "y = 2"
    assert notebook["cells"][0]["source"] == "y = 2"


@pytest.mark.parametrize("marks", [None, 3, [], "grade", {"grade_id": 3, "points": "2"}, {}])
def test_marks_of_another_form_are_none(marks: Any) -> None:
    odd = MarkedCell({"cell_type": "code", "metadata": {"nbgrader": marks}, "source": ""})
    assert odd.marks == MarkedCell({"cell_type": "code", "metadata": {}, "source": ""}).marks
    assert odd.part is None
