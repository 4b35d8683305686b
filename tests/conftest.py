"""What many tests need: the course's assignment, a copy of it to spoil, a grader."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from autograder.course.assignment import Assignment

os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parents[1]


def copy_course(folder: Path) -> Path:
    """The parts of the course that grading reads, copied to ``folder``."""
    for part in ("solutions", "assignments"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def change(assignment: Assignment, name: str, old: str, new: str) -> None:
    """Put ``new`` in the place of the first ``old`` in a file of the assignment's folder."""
    path = assignment.folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.fixture(scope="session")
def level() -> int:
    """The strongest isolation level that this machine offers."""
    from autograder.isolation.sandbox import best_level

    return best_level()[0]


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of two training steps and a threshold that any encoder reaches."""
    folder = copy_course(tmp_path_factory.mktemp("course"))
    file = folder / "solutions" / "contrastive" / "calibration.json"
    calibrations = json.loads(file.read_text())
    for calibration in calibrations.values():
        calibration |= {"steps": 2, "threshold": 0.01}
    file.write_text(json.dumps(calibrations))
    return folder


@pytest.fixture(scope="session")
def contrastive(course_folder: Path):
    """The assignment of that course."""
    from autograder.course.assignment import Course

    return Course(course_folder).assignment("contrastive")


@pytest.fixture(scope="session")
def grader(contrastive, level: int) -> Iterator[object]:
    """A grader that leaves the training run out."""
    from autograder.grading.grader import Grader

    with Grader(contrastive, level=level, train=False) as made:
        yield made
