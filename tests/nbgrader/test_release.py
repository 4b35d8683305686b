"""The release: made from the source alone, and refused where it would give something away."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.authoring.leaks import leaks
from autograder.authoring.release import release, source_notebook
from autograder.course.assignment import Assignment
from autograder.course.results import SubmissionResult
from autograder.support.errors import SpeechmarkError
from tests.conftest import change

Grade = Callable[[Path, Path], SubmissionResult]


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refused(assignment: Assignment, grade: Grade, says: str) -> None:
    """The release fails with ``says`` and leaves what was released before."""
    before = content(assignment.release)
    with pytest.raises(SpeechmarkError, match=says):
        release(assignment, grade)
    assert content(assignment.release) == before
    assert not list(assignment.course.state.glob("release-*"))


def test_students_receive_the_notebook_without_solutions_and_the_public_suites(
    assignment: Assignment,
) -> None:
    assert set(content(assignment.release)) == {"mini.ipynb", "public/test_double.py"}
    notebook = json.loads(assignment.release_notebook.read_text())
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    stub = "".join(cells["double_solution"]["source"])
    assert '"""Twice x."""' in stub
    assert "raise NotImplementedError()" in stub
    assert "".join(cells["discussion"]["source"]) == "YOUR ANSWER HERE"
    assert all(not c.get("outputs") and not c.get("execution_count") for c in cells.values())
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}


def test_a_release_of_the_same_source_is_the_same_to_the_byte(
    assignment: Assignment, grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(assignment.release)
    gradebook = (assignment.course.root / "gradebook.db").read_bytes()
    assert not release(assignment, grade).changed
    monkeypatch.setenv("PATH", os.defpath)
    for path in assignment.release.rglob("*.*"):
        path.write_text("edited by hand")
    assert release(assignment, grade).changed
    assert content(assignment.release) == before
    assert (assignment.course.root / "gradebook.db").read_bytes() == gradebook


def test_cell_ids_stay_when_cells_are_added(sources: Assignment) -> None:
    before = {c["source"]: c["id"] for c in source_notebook(sources.folder / "mini.py")["cells"]}
    text = "# %% [markdown]\n"
    change(sources, "mini.py", text, f"{text}# New.\n\n{text}")
    after = {c["source"]: c["id"] for c in source_notebook(sources.folder / "mini.py")["cells"]}
    assert before.items() <= after.items()
    assert len(set(after.values())) == len(after)


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("mini.py", "# Halves and doubles", "# Write `twofold = x + x * 1`: halves", "twofold = x"),
        ("mini.py", "print(double", "return  x*0.5\nreturn x * 0.5 + math.sin(0)\n#", "return x"),
        ("mini.py", '"""Half of x."""', '"""return x * 0.5 + math.sin(0)"""', "return x"),
        ("mini.py", "# ## Discussion", "# A model answer about numbers.", "A model answer"),
        (
            "public/test_double.py",
            "    assert",
            '    assert student.double(21.5)  ==  43.0, "double.wrong"\n    assert',
            "43.0",
        ),
    ],
)
def test_a_line_of_a_solution_or_of_a_hidden_suite_is_never_released(
    assignment: Assignment, grade: Grade, name: str, old: str, new: str, line: str
) -> None:
    change(assignment, name, old, new)
    refused(assignment, grade, f"shows a line of .*{line}")


def test_what_this_repository_hands_out_shows_no_line_of_it_either(contrastive: Assignment) -> None:
    solution = source_notebook(contrastive.folder / f"{contrastive.name}.py")
    hidden = sorted((contrastive.folder / "hidden").glob("*.py"))
    assert hidden
    assert not leaks(solution, hidden, contrastive.release)


def test_what_every_program_says_is_no_leak(assignment: Assignment, grade: Grade) -> None:
    change(assignment, "hidden/test_double.py", "    assert", "    x = 1\n    return x\n    assert")
    change(assignment, "public/test_double.py", "    assert", "    x = 1\n    return x\n    assert")
    assert release(assignment, grade).changed


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ({"double": 1.0}, r"double: the solution must get 2 points and got 1 of 2 .*test_secret"),
        ({"graded": False, "notes": ["the disk is full"]}, "not graded: the disk is full"),
    ],
)
def test_a_solution_without_full_marks_is_not_released(
    assignment: Assignment,
    result: Callable[..., SubmissionResult],
    points: dict[str, object],
    says: str,
) -> None:
    change(assignment, "mini.py", "Halves and doubles", "Doubles and halves")
    refused(assignment, lambda notebook, released: result(**points), says)


def test_a_stub_with_any_points_is_not_released(
    assignment: Assignment, result: Callable[..., SubmissionResult]
) -> None:
    change(assignment, "mini.py", "Halves and doubles", "Doubles and halves")
    grade = lambda notebook, released: result(halve=0.5 if notebook == released else 3.0)  # noqa: E731
    refused(assignment, grade, "halve: the untouched stub must get 0 points and got 0.5 of 3")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"points": 3', '"points": 2', "'halve' must be graded with 3 points"),
        ('"grade_id": "halve_solution", "solution": true', '"grade_id": "other", "locked": true',
         "'halve_solution' must be a solution cell"),
        ('# %% nbgrader={"grade_id": "demo", "locked": true}', "# %%", "not marked"),
        ("    ### END SOLUTION\n", "", "END SOLUTION|end solution"),
        ("print(double", "### BEGIN HIDDEN TESTS\nprint(double", "hidden/"),
    ],
)  # fmt: skip
def test_a_source_that_nbgrader_would_mistake_is_refused(
    assignment: Assignment, grade: Grade, old: str, new: str, says: str
) -> None:
    change(assignment, "mini.py", old, new)
    refused(assignment, grade, says)


def test_a_source_that_is_missing_is_named(sources: Assignment, grade: Grade) -> None:
    (sources.folder / "mini.py").unlink()
    refused(sources, grade, r"mini\.py")
