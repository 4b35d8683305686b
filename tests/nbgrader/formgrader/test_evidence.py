"""A written answer is marked with its evidence beside it, and the student gets none of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from nbconvert.exporters import HTMLExporter

from autograder.course.assignment import Assignment
from autograder.course.results import SubmissionResult
from autograder.course.settings import read_settings
from autograder.nbgrader.config import course_config
from autograder.nbgrader.course import autograde
from autograder.store.results import Store
from autograder.support.errors import SpeechmarkError
from tests.nbgrader.conftest import SETTINGS
from tests.report.birdsong import training

RUBRIC = """
[[rubric]]
part = "discussion"
criterion = "Says where numbers are."
points = 3
says = "Say where <numbers> are."
[[rubric]]
part = "discussion"
criterion = "Says why."
points = 1
says = "Say why."
"""


@pytest.fixture
def page(
    assignment: Assignment, submit: Callable[..., Path], result: Callable[..., SubmissionResult]
) -> Callable[[bool], str]:
    """The page of ada's submission, as formgrader draws it or as nbconvert does for anyone."""
    settings = assignment.folder / "assignment.toml"
    settings.write_text(settings.read_text() + RUBRIC)
    submit("ada")
    made = result("ada").model_copy(update={"key": "k", "training": training()})
    Store(assignment).save(made, "cells")
    autograde(assignment, [made])
    config = course_config(assignment.course.root)
    path = assignment.course.root / "autograded" / "ada" / "mini" / "mini.ipynb"

    def draw(by_formgrader: bool) -> str:
        names = {"assignment_id": "mini", "student": "ada", "submission_id": "1"}
        exporter = HTMLExporter(config=config, template_name="classic")
        page: str = exporter.from_filename(str(path), names if by_formgrader else {})[0]
        return page

    return draw


def test_rubric_and_model_answer_stand_above_the_answer_and_a_link_leads_there(page) -> None:
    drawn = page(True)
    places = [
        drawn.index('href="#speechmark-discussion"'),
        drawn.index('id="speechmark-discussion"'),
        drawn.index("A model answer about numbers."),
        drawn.index("Says where numbers are."),
        drawn.index("Numbers are everywhere."),
    ]
    assert places == sorted(places)
    assert 'data-says="Say where &lt;numbers&gt; are."' in drawn


def test_nothing_of_it_is_where_a_student_could_read_it(page, assignment: Assignment) -> None:
    everywhere = page(False) + (
        assignment.course.root / "autograded" / "ada" / "mini" / "mini.ipynb"
    ).read_text(encoding="utf-8")
    for hidden in ("model answer", "Says where", "speechmark-discussion"):
        assert hidden not in everywhere


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (RUBRIC.replace("points = 3", "points = 2"), "worth 3 points together, the part 4"),
        (RUBRIC.replace('part = "discussion"', 'part = "double"'), "'double' is not one of"),
        (RUBRIC.replace("says", "say"), "is no key"),
    ],
)
def test_a_rubric_that_does_not_fit_is_refused(tmp_path: Path, changed: str, why: str) -> None:
    path = tmp_path / "assignment.toml"
    path.write_text(SETTINGS + changed)
    with pytest.raises(SpeechmarkError, match=why):
        read_settings(path)
