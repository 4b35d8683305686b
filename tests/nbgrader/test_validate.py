"""``nbgrader validate``, and the button Validate: work that a public check refuses fails."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.validator import Validator

from autograder.authoring.new import new
from autograder.course.assignment import Assignment
from autograder.course.compose import filled, solved
from tests.toys import TRAINED, empty_course, unjudged

WRONG = "def frame_power(wave, size=256, hop=128):\n    return wave.unfold(1, size, hop).mean(2)"
TRAINS = "open('trained', 'w').close()"

Validate = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """An assignment with a training run, released; making the run leaves a file."""
    assignment = new(empty_course(tmp_path_factory.mktemp("course")), TRAINED, training=True)
    file = assignment.folder / "public" / "training.py"
    file.write_text(f"{file.read_text()}\n\n{TRAINS}\n")
    return unjudged(assignment)


@pytest.fixture
def validate(trained: Assignment, tmp_path: Path) -> Validate:
    """What nbgrader says of a notebook beside the public checks: failed cells and their errors."""

    def ask(content: bytes, public: bool = True) -> dict[str, str]:
        folder = tmp_path / "handed_out"
        if public:
            shutil.copytree(trained.release / "public", folder / "public")
        else:
            folder.mkdir()
        (folder / "work.ipynb").write_bytes(content)
        found = Validator().validate(str(folder / "work.ipynb"))
        assert not (folder / "trained").exists()
        assert found.keys() <= {"failed"}
        return {cell["source"]: cell["raw_error"] for cell in found.get("failed", [])}

    return ask


def with_cell(content: bytes, source: str) -> bytes:
    """The notebook with a cell of the student's own at its end."""
    notebook = json.loads(content)
    cell = {"cell_type": "code", "id": "own", "metadata": {}, "source": source}
    cell |= {"outputs": [], "execution_count": None}
    notebook["cells"].append(cell)
    return json.dumps(notebook).encode()


def test_right_work_passes_and_no_training_is_made(trained, validate):
    again = "run_training('public')"
    assert validate(with_cell(solved(trained), again)) == {}


def test_wrong_work_fails_with_the_check_that_does_not_hold_and_its_hint(trained, validate):
    found = validate(solved(trained, {"energy": WRONG}))
    assert list(found) == ['check("energy")']
    error = found['check("energy")']
    assert "✘ energy: A wave that is 3 everywhere has the power 9" in error
    assert "mean of the squares" in error
    assert "✔" not in error
    assert "Traceback" not in error


def test_unwritten_work_fails_part_by_part(trained, validate):
    found = validate(filled(trained, {}))
    assert list(found) == ['check("energy")', 'check("denoise")']
    assert all("Not written yet" in error for error in found.values())


def test_without_the_public_checks_nothing_passes(trained, validate):
    found = validate(solved(trained), public=False)
    assert list(found) == ['check("energy")', 'check("denoise")']
    assert all("keep it beside the notebook" in error for error in found.values())
