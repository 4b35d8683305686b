"""The source of an assignment's notebook, read and checked: py:percent with nbgrader's marks."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.names import check_names
from autograder.notebooks import MarkedCell, Notebook, cells_of, solution_id, startup
from autograder.support.errors import SpeechmarkError
from autograder.support.sentences import say

_UNMARKED = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
"""nbgrader's marks; the source names those that differ."""

_NO_CELL = MarkedCell({"cell_type": "raw", "metadata": {}, "source": ""})

_BAR = re.compile(r"\{bar \w+ \w+\}")


def source_notebook(path: Path) -> Notebook:
    """The source as a notebook: nbgrader's marks completed, cell ids that do not change.

    A cell's id is its grade_id, or for a text a digest of it.

    Raises:
        SpeechmarkError: it cannot be read.
    """
    startup.leave_out()
    import jupytext

    try:
        raw = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    except (OSError, ValueError) as error:
        raise SpeechmarkError(f"{path}: {error}") from error
    cells = []
    taken: set[str] = set()
    for cell in raw["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if marks:
            marks = {**_UNMARKED, **marks}
        name = marks["grade_id"] if marks else f"text-{_digest(cell['source'])}"
        while name in taken:
            name += "-again"
        taken.add(name)
        cells.append(
            {
                "cell_type": cell["cell_type"],
                "id": name,
                "metadata": {"nbgrader": marks} if marks else {},
                "source": cell["source"],
                **({"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}),
            }
        )
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def fill(assignment: Assignment, notebook: Notebook) -> None:
    """Put the calibrated bars in the place of ``{bar MEASURE CORPUS}`` in the notebook's text.

    Raises:
        SpeechmarkError: there is no such bar.
    """
    bars = {
        f"{{bar {name} {corpus}}}": say("frame.bar", percent=100 * bar)
        for corpus, found in assignment.calibrations.items()
        for name, bar in found.bars.items()
    }
    for cell in notebook["cells"]:
        for placeholder in set(_BAR.findall(cell["source"])):
            corpus = placeholder[:-1].rpartition(" ")[2]
            if corpus in assignment.training.corpora and corpus not in assignment.calibrations:
                bars[placeholder] = say("frame.not_calibrated")
            if placeholder not in bars:
                known = ", ".join(bars) or "nothing is calibrated"
                raise SpeechmarkError(
                    f"{assignment.name}.py: {placeholder} is no calibrated bar. There is: {known}."
                )
            cell["source"] = cell["source"].replace(placeholder, bars[placeholder])


def check_cells(assignment: Assignment, solution: Notebook) -> None:
    """Whether the notebook has the cells that the settings name.

    Raises:
        SpeechmarkError: it has not.
    """
    marked = {cell.marks.grade_id: cell for cell in cells_of(solution) if cell.marks.grade_id}
    wrong = []
    for part in assignment.settings.part:
        graded = marked.get(part.id, _NO_CELL)
        marks = graded.marks
        if (marks.grade, marks.solution, marks.points) != (True, part.manual, part.points):
            wrong.append(f"cell {part.id!r} must be graded with {part.points:g} points")
        if part.manual:
            continue
        if not graded.is_code:
            wrong.append(f"cell {part.id!r} must be a code cell")
        own = marked.get(solution_id(part.id), _NO_CELL).marks
        if not own.solution or own.grade:
            wrong.append(f"cell {solution_id(part.id)!r} must be a solution cell without points")
    loose = [c for c in cells_of(solution) if c.is_code and not c.raw_marks]
    wrong += [f"a code cell is not marked: {cell.source[:40]!r}" for cell in loose]
    if any("BEGIN HIDDEN TESTS" in cell.source for cell in cells_of(solution)):
        wrong.append("hidden tests belong into hidden/, in a notebook they reach students")
    if wrong:
        raise SpeechmarkError(f"{assignment.name}.py: " + "; ".join(wrong))
    check_names(assignment)
