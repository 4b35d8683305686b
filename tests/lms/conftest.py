"""The small course of the tests of nbgrader, and downloads made up as each system makes them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment
from autograder.notebooks import read
from tests.nbgrader.conftest import (  # noqa: F401
    assignment,
    mark_by_hand,
    released,
    result,
    submit,
    submit_to,
)

Work = Callable[[str], bytes]

STUDENTS = """id,first_name,last_name,email,group,extension
jdoe,Jane,Doë,jane@uni.edu,,
okim,Óscar,Kim-Lee,o.kim@uni.edu,,mini: 2d
ada1,Ada,Byron,ada@uni.edu,Engines,
mary,Mary,Somerville,mary@uni.edu,Engines,1w 12h
late,Late,Comer,late@uni.edu,,
"""


@pytest.fixture
def work(assignment: Assignment) -> Work:  # noqa: F811
    """``work("text")``: a notebook of the assignment as a student saves it, with that answer."""

    def made(answer: str) -> bytes:
        notebook = read(assignment.release_notebook)
        for cell in notebook["cells"]:
            if cell["id"] == "discussion":
                cell["source"] = answer
        return json.dumps(notebook).encode()

    return made


def zipped(path: Path, files: Mapping[str, bytes], times: Mapping[str, datetime] = {}) -> Path:
    """A zip of ``files``; those without a time were changed on the tenth of January at noon."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            time = times.get(name, datetime(2026, 1, 10, 12))
            archive.writestr(zipfile.ZipInfo(name, time.timetuple()[:6]), content)
    return path
