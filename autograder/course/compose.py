"""Notebooks made up from the release and pieces of code: for the demo, the audit, the tests."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import notebooks
from autograder.course.assignment import Assignment
from autograder.support.errors import SpeechmarkError

_HINT = re.compile(r"^hint:\s*(\S+)\s*$")
_CALIBRATED = re.compile(r"^calibrate:\s*(yes|[1-9]\d{0,2})\s*$")


@dataclass(frozen=True)
class Solution:
    """A solution to one part from ``right/`` or ``wrong/``; see :func:`read_solution`."""

    path: Path
    part: str
    source: str
    about: str = ""
    hint: str | None = None
    runs: int = 0
    """With so many seeds a full calibration trains with it at least, whatever its kind."""


def read_solution(path: Path) -> Solution:
    """Read ``<part>__<short_name>.py``.

    The docstring's first line says what it is; a line ``hint: <id>`` names the hint that
    must answer it, and a line ``calibrate: yes`` that calibration trains with it, or, with a
    number in place of ``yes``, with so many seeds.

    Raises:
        SpeechmarkError: the name is not of that form, or the file cannot be read.
    """
    part, separator, _ = path.stem.partition("__")
    if not separator:
        raise SpeechmarkError(f"{path}: the name must be <part>__<short_name>.py.")
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpeechmarkError(f"{path}: {error}") from error
    try:
        lines = (ast.get_docstring(ast.parse(source)) or "").splitlines()
    except (SyntaxError, ValueError):
        lines = []
    hints: list[str | None] = [match[1] for line in lines if (match := _HINT.match(line.strip()))]
    about, hint = (lines or [""])[0], (hints or [None])[0]
    asked = [match[1] for line in lines if (match := _CALIBRATED.match(line.strip()))]
    runs = int(asked[0].replace("yes", "1")) if asked else 0
    return Solution(path, part, source, about, hint, runs)


def solved(assignment: Assignment, instead: Mapping[str, str] | None = None) -> bytes:
    """The release with every solution cell filled in, as the bytes of a notebook.

    Args:
        assignment: whose release and whose reference.
        instead: part to the source that takes the reference's place.
    """
    return filled(assignment, {**assignment.reference_cells, **(instead or {})})


def filled(assignment: Assignment, sources: Mapping[str, str]) -> bytes:
    """The release with ``sources``, part to code or written answer, in their cells."""
    release = copy.deepcopy(notebooks.read(assignment.release_notebook))
    for cell in notebooks.cells_of(release):
        if cell.marks.solution and cell.part and cell.part in sources:
            cell.source = sources[cell.part]
    return json.dumps(release).encode()
