"""A small course of its own: two automatic parts and a written answer, results made by hand."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.releasing.release import release
from autograder.course.assignment import Assignment, Course
from autograder.course.results import Environment, Outcome, PartResult, SubmissionResult, TestResult
from autograder.nbgrader.config import course_config
from autograder.nbgrader.gradebook import gradebook
from autograder.notebooks import read

SETTINGS = """
name = "mini"
title = "A small assignment"
setup = ["setup"]
[[part]]
id = "double"
points = 2
[[part]]
id = "halve"
points = 3
[[part]]
id = "discussion"
points = 4
manual = true
"""

SOURCE = '''# %% [markdown]
# # Numbers
#
# Halves and doubles: $a < b$ & so on.

# %% nbgrader={"grade_id": "setup", "locked": true}
import math

# %% nbgrader={"grade_id": "double_solution", "solution": true}
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    twofold = x + x * 1
    return twofold
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "double", "locked": true, "points": 2}
check("double")

# %% nbgrader={"grade_id": "halve_solution", "solution": true}
def halve(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x * 0.5 + math.sin(0)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "halve", "locked": true, "points": 3}
check("halve")

# %% nbgrader={"grade_id": "demo", "locked": true}
print(double(halve(7)))

# %% [markdown]
# ## Discussion

# %% [markdown] nbgrader={"grade": true, "grade_id": "discussion", "points": 4, "solution": true}
# A model answer about numbers.
'''

HIDDEN = '''"""Hidden."""


def test_double(student):
    """Twice a number is right."""
    assert student.double(21.5) == 43.0, "double.wrong"
'''

PUBLIC = '''"""Public."""


def test_double(student):
    """Twice a number is right."""
    assert student.double(2) == 4
'''

CONFIG = """
import json
from pathlib import Path
from autograder.nbgrader.config import configure
from autograder.course.results import SubmissionResult

c = get_config()
configure(c, Path(__file__).parent)


def stored(course, assignment, notebook, name):
    return SubmissionResult.model_validate_json((course / "stored" / f"{name}.json").read_text())


c.InjectResults.provider = stored
"""

SOLVED = {
    "double_solution": "def double(x):\n    return 2 * x",
    "halve_solution": "def halve(x):\n    return x / 2",
    "discussion": "Numbers are everywhere.",
}


def write_sources(root: Path) -> Assignment:
    """The assignment's sources in a course at ``root``."""
    files = {
        "nbgrader_config.py": CONFIG,
        "solutions/mini/assignment.toml": SETTINGS,
        "solutions/mini/mini.py": SOURCE,
        "solutions/mini/hidden/test_double.py": HIDDEN,
        "solutions/mini/public/test_double.py": PUBLIC,
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return Course(root).assignment("mini")


def made_result(
    name: str = "ada",
    double: float = 2.0,
    halve: float = 3.0,
    outcome: Outcome = "wrong",
    **more: Any,
) -> SubmissionResult:
    """A result with these points; what is not full marks ended in ``outcome``."""
    parts = []
    for part, score, most in (("double", double, 2.0), ("halve", halve, 3.0)):
        ended: Outcome = "passed" if score == most else outcome
        tests = [
            TestResult(name="test_one", demand="It is <right>.", outcome="passed"),
            TestResult(
                name="test_secret_name", demand="It is right & good.", outcome=ended,
                hint="Is it <b>bold</b>?", hint_id="secret.hint", where="line 3: x <- 1",
                detail="expected 43.0",
            ),
        ]  # fmt: skip
        parts.append(PartResult(id=part, score=score, max_score=most, outcome=ended, tests=tests))
    where = Environment(
        kit="0", torch="0", python="3", device="cpu", threads=1, level=3, suites="0"
    )
    return SubmissionResult(
        name=name, assignment="mini", key="0", score=double + halve, max_score=5.0, parts=parts,
        environment=where, **more,
    )  # fmt: skip


def by_file(notebook: Path, released: Path) -> SubmissionResult:
    """A stand-in for the grader: full points for the source notebook, none for the release."""
    if notebook == released:
        return made_result(double=0.0, halve=0.0, outcome="missing")
    return made_result()


@pytest.fixture(scope="session")
def result() -> Callable[..., SubmissionResult]:
    """``result(name, double=2.0, halve=3.0, outcome="wrong", ...)`` makes a result."""
    return made_result


@pytest.fixture(scope="session")
def grade() -> Callable[[Path, Path], SubmissionResult]:
    """A stand-in for the grader."""
    return by_file


@pytest.fixture
def sources(tmp_path: Path) -> Assignment:
    """The sources of a course that was never released."""
    return write_sources(tmp_path / "course")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a release and an empty gradebook; not to be changed."""
    root = tmp_path_factory.mktemp("released")
    release(write_sources(root), by_file)
    with gradebook(course_config(root)):
        return root


@pytest.fixture
def assignment(released: Path, tmp_path: Path) -> Assignment:
    """The released assignment in a course of the test's own."""
    shutil.copytree(released, tmp_path / "course")
    return Course(tmp_path / "course").assignment("mini")


@pytest.fixture(scope="session")
def submit_to() -> Callable[..., Path]:
    """``submit_to(assignment, student, change)`` hands in an honest notebook, changed."""

    def hand_in(
        assignment: Assignment,
        student: str,
        change: Callable[[dict[str, Any]], Any] | None = None,
        **solved: str,
    ) -> Path:
        notebook = copy.deepcopy(read(assignment.release_notebook))
        for cell in notebook["cells"]:
            cell["source"] = {**SOLVED, **solved}.get(cell["id"], cell["source"])
        changed = change(notebook) if change else None
        folder = assignment.course.root / "submitted" / student / "mini"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mini.ipynb").write_text(json.dumps(changed or notebook))
        return folder

    return hand_in


@pytest.fixture
def submit(assignment: Assignment, submit_to: Callable[..., Path]) -> Callable[..., Path]:
    """Hand in a notebook: ``submit(student, change)`` with ``change`` done to an honest one."""
    return partial(submit_to, assignment)


@pytest.fixture
def mark_by_hand(assignment: Assignment) -> Callable[..., None]:
    """``mark_by_hand("ada", 3.5, "Good.", part="discussion")``, as a person does in formgrader."""

    def mark(student: str, points: float, comment: str = "", part: str = "discussion") -> None:
        with gradebook(course_config(assignment.course.root)) as book:
            grade = book.find_grade(part, "mini", "mini", student)
            grade.manual_score, grade.needs_manual_grade = points, False
            if comment:
                cell = part if part == "discussion" else f"{part}_solution"
                book.find_comment(cell, "mini", "mini", student).manual_comment = comment
            book.db.commit()

    return mark
