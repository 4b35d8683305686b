"""``speechmark check``: the public checks on a notebook file, outside Jupyter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder import notebooks
from autograder.lab.testing.cells import fresh_namespace, run_cell
from autograder.lab.testing.checking import report, run_checks
from autograder.lab.testing.failures import Failure
from autograder.lab.testing.runner import TestOutcome
from autograder.support import torch_pair
from autograder.support.errors import SpeechmarkError


def check_notebook(path: Path, parts: Sequence[str]) -> tuple[list[str], bool]:
    """Run the notebook's cells and the public suites that lie beside it.

    Locked cells are the kit's demonstrations and are left out, but for the imports.

    Args:
        path: the notebook.
        parts: which parts; none for all that have a suite.

    Returns:
        The lines to print, and whether every check passed.

    Raises:
        SpeechmarkError: no notebook, or no public checks beside it.
    """
    notebook = notebooks.read(path)
    cells, setup = notebook["cells"], notebooks.setup_cells(notebook)
    folder = path.resolve().parent / "public"
    if not folder.is_dir():
        raise SpeechmarkError(f"{folder} is missing. Keep the release's public/ by the notebook.")
    known = {suite.stem.removeprefix("test_") for suite in folder.glob("test_*.py")}
    if unknown := sorted(set(parts) - known):
        raise SpeechmarkError(f"No such part: {', '.join(unknown)}. There is: {sorted(known)}.")
    namespace = fresh_namespace()
    lines: list[str] = []
    for number, cell in enumerate(cells):
        marks = cell["metadata"].get("nbgrader") or {}
        locked = bool(marks) and not marks.get("solution")
        if cell["cell_type"] != "code":
            continue
        if locked and marks.get("grade_id") not in setup:
            continue
        name = marks.get("grade_id") or f"number {number + 1}"
        try:
            run_cell(namespace, name, cell["source"], statements=not locked)
        except Failure as failure:
            if locked and (problem := torch_pair.problem()):
                raise SpeechmarkError(problem) from failure
            lines.append(f"! cell {name} {failure.outcome}: {failure}")
    outcomes: list[TestOutcome] = []
    for part in parts or _in_order(known, cells):
        checked = run_checks(part, namespace, folder) or []
        outcomes += checked
        lines += report(part, checked)
    return lines, all(outcome.failure is None for outcome in outcomes)


def _in_order(parts: set[str], cells: Sequence[notebooks.Notebook]) -> list[str]:
    """``parts`` in the order in which the notebook has them."""
    ids = [(cell["metadata"].get("nbgrader") or {}).get("grade_id") for cell in cells]
    return sorted(parts, key=lambda part: ids.index(part) if part in ids else len(ids))
