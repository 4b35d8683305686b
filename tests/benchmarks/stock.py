"""A course for stock nbgrader: the same assignment, its tests in the notebook.

``nbgrader_config.py`` sets folders and nothing else; the release is made by stock
``nbgrader generate_assignment`` and graded by stock ``nbgrader autograde``, which starts a
kernel for each submission. Pictures and demonstrations are left out of the notebook, so stock
nbgrader does not pay for them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.authoring.releasing.source import source_notebook
from autograder.course.assignment import Assignment
from tests.benchmarks import classes, meter

_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "stock"
c.CourseDirectory.release_directory = "assignments"
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\nraise NotImplementedError()"}
c.ExecutePreprocessor.timeout = 600
"""
_KEPT = ("setup", "lab")


def course(folder: Path, original: Assignment, corpus: str | None) -> None:
    """Make and release the course.

    Args:
        folder: empty.
        original: whose notebook, suites and points.
        corpus: what is trained on; None leaves the training run out of the tests.
    """
    (folder / "nbgrader_config.py").write_text(_CONFIG)
    notebook = source_notebook(original.folder / f"{original.name}.py")
    points = {part.id: part.points for part in original.automatic}
    cells = []
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader") or {}
        grade_id = str(marks.get("grade_id", ""))
        if grade_id in points:
            arguments = f"{str(original.folder)!r}, {grade_id!r}, {points[grade_id]}"
            call = f"in_notebook.score({arguments}, globals())"
            if corpus and grade_id == original.training.part:
                call = f"in_notebook.train({arguments}, {corpus!r}, globals())"
            cell = {**cell, "source": f"from tests.benchmarks import in_notebook\n{call}"}
        elif grade_id not in _KEPT and not marks.get("solution"):
            continue
        cells.append(cell)
    source = folder / "source" / original.name / f"{original.name}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps({**notebook, "cells": cells}))
    meter.run(nbgrader("generate_assignment", original.name), folder, environment()).check()


def hand_in(folder: Path, name: str, submissions: Sequence[bytes], students: Sequence[str]) -> None:
    """The same solutions and further cells as in ``submissions``, in this course's notebook."""
    release = json.loads((folder / "assignments" / name / f"{name}.ipynb").read_text())
    for student, content in zip(students, submissions, strict=True):
        whole = json.loads(content)["cells"]
        sources = {_grade_id(cell): cell["source"] for cell in whole}
        cells = [
            {**cell, "source": sources[_grade_id(cell)]}
            if (cell["metadata"].get("nbgrader") or {}).get("solution")
            else cell
            for cell in release["cells"]
        ]
        own = [cell for cell in whole if cell["id"] == "mine"]
        path = folder / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({**release, "cells": [*cells, *own]}))


def nbgrader(*arguments: str) -> list[str]:
    """The stock command line."""
    return [sys.executable, "-m", "nbgrader", *arguments]


def environment() -> dict[str, str]:
    """Kernels find this checkout, and nbgrader finds alembic, beside our Python."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**classes.environment(), "PATH": path}


def _grade_id(cell: dict[str, object]) -> str:
    metadata = cell["metadata"]
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return str((marks or {}).get("grade_id", ""))
