"""Formgrader in a course without an exchange: its lists are full, its buttons do what they say."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.apps.api import NbGraderAPI

from autograder.authoring.releasing.building import make_source
from autograder.course.assignment import Assignment
from autograder.course.results import SubmissionResult
from autograder.nbgrader.config import course_config
from autograder.nbgrader.course import autograde

Submit = Callable[..., Path]
Result = Callable[..., SubmissionResult]


@pytest.fixture
def formgrader(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> NbGraderAPI:
    """What formgrader asks, in a fresh clone: neither ``source/`` nor an exchange is there."""
    root = assignment.course.root
    shutil.rmtree(root / "source")
    monkeypatch.chdir(root)
    return NbGraderAPI(config=course_config(root))


def test_what_is_graded_is_listed_and_no_exchange_is_missed(
    assignment: Assignment, submit: Submit, result: Result, formgrader: NbGraderAPI
) -> None:
    submit("ada")
    autograde(assignment, [result("ada")])
    make_source(assignment)
    assert not formgrader.exchange_missing
    (listed,) = formgrader.get_assignments()
    assert (listed["name"], listed["num_submissions"], listed["status"]) == ("mini", 1, "draft")
    (submission,) = formgrader.get_submissions("mini")
    assert submission["needs_manual_grade"]


def test_a_source_that_is_there_is_left_alone(assignment: Assignment) -> None:
    path = assignment.course.root / "source" / "mini" / "mini.ipynb"
    path.write_text("mine")
    make_source(assignment)
    assert path.read_text() == "mine"


def test_the_buttons_pack_and_collect(
    assignment: Assignment, submit: Submit, result: Result, formgrader: NbGraderAPI
) -> None:
    root = assignment.course.root
    make_source(assignment)
    assert formgrader.release_assignment("mini")["success"]
    with zipfile.ZipFile(root / "export" / "mini.zip") as archive:
        names = archive.namelist()
    assert "mini/mini.ipynb" in names
    assert not any("hidden" in name for name in names)
    assert formgrader.get_assignment("mini")["status"] == "released"
    folder = submit("ada")
    (root / "downloaded" / "mini").mkdir(parents=True)
    shutil.move(folder / "mini.ipynb", root / "downloaded" / "mini" / "zed.ipynb")
    shutil.rmtree(folder.parent)
    assert formgrader.collect("mini")["success"]
    assert (root / "submitted" / "zed" / "mini" / "mini.ipynb").is_file()
    autograde(assignment, [result("zed")])
    refused = formgrader.release_feedback("mini")
    assert not refused["success"]
    assert "generate it first" in refused["log"]
    assert formgrader.generate_feedback("mini")["success"]
    said = formgrader.release_feedback("mini")
    assert said["success"], said
    with zipfile.ZipFile(root / "export" / "mini_plain_feedback.zip") as archive:
        assert "zed/mini.html" in archive.namelist()
    assert formgrader.unrelease("mini")["success"]
    assert formgrader.get_assignment("mini")["status"] == "draft"
