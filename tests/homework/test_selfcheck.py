"""``speechmark check``: what of a notebook is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.authoring.new import new
from autograder.course.assignment import Assignment
from autograder.course.compose import solved
from autograder.homework import selfcheck
from tests.toys import TRAINED, empty_course, unjudged


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    course = empty_course(tmp_path_factory.mktemp("course"))
    return unjudged(new(course, TRAINED, training=True))


@pytest.mark.parametrize("stripped", [False, True])
def test_neither_demonstrations_nor_training_are_run_whether_cells_bear_marks_or_not(
    trained: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stripped: bool
) -> None:
    notebook = json.loads(solved(trained))
    assert any("run_training(" in "".join(cell["source"]) for cell in notebook["cells"])
    for cell in notebook["cells"] if stripped else ():
        cell["metadata"], cell["id"] = {}, ""
    (tmp_path / "public").symlink_to(trained.release / "public")
    (tmp_path / "work.ipynb").write_text(json.dumps(notebook))
    ran = []
    run_cell = selfcheck.run_cell

    def watched(namespace, cell, source, how):
        ran.append(cell)
        run_cell(namespace, cell, source, how)

    monkeypatch.setattr(selfcheck, "run_cell", watched)
    lines, passed = selfcheck.check_notebook(tmp_path / "work.ipynb", [])
    assert passed, lines
    assert ran == ["setup", "lab", "energy_solution", "denoise_solution"]
