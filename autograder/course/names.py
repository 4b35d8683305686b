"""Whether the names that an assignment declares are defined where it says they are."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.course.assignment import Assignment
from autograder.notebooks import cells_of, solution_id, startup
from autograder.support.errors import SpeechmarkError


def check_names(assignment: Assignment) -> None:
    """Whether the notebook defines what ``assignment.toml`` names.

    The cells of ``setup`` are there, each part's solution defines the part's ``names``, and what
    the training run needs is defined by a part or a cell of ``setup``.

    Raises:
        SpeechmarkError: with each name that is not, and those that are.
    """
    if wrong := list(_undefined(assignment)):
        raise SpeechmarkError(f"{assignment.folder / 'assignment.toml'}: {'; '.join(wrong)}")


def _undefined(assignment: Assignment) -> Iterator[str]:
    settings, cells = assignment.settings, _cells(assignment)
    for name in settings.setup:
        if name not in cells:
            yield f"setup: {name!r} is none of the notebook's cells: {', '.join(cells)}"
    for part in assignment.automatic:
        found = _defined(cells.get(solution_id(part.id), ""))
        for name in part.names:
            if name not in found:
                yield f"part {part.id!r}: names: its cell does not define {name!r}{_but(found)}"
    if settings.training:
        parts = [name for part in settings.part for name in part.names]
        setup = {n for cell in settings.setup for n in _defined(cells.get(cell, ""))}
        for name in settings.training.needs:
            if name not in parts and name not in setup:
                yield (
                    f"training.needs: {name!r} is a name of no part and of no cell of setup. "
                    f"The parts' are: {', '.join(parts) or 'none'}"
                )


def _but(found: set[str]) -> str:
    return f", but {', '.join(sorted(found))}" if found else ""


def _cells(assignment: Assignment) -> dict[str, str]:
    """The source of each marked code cell of the assignment's notebook, by its grade_id."""
    startup.leave_out()
    import jupytext

    path = assignment.folder / f"{assignment.name}.py"
    try:
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    except (OSError, ValueError) as error:
        raise SpeechmarkError(f"{path}: {error}") from error
    marked = [cell for cell in cells_of(notebook) if cell.is_code and cell.marks.grade_id]
    return {cell.marks.grade_id: cell.source for cell in marked}


def _defined(source: str) -> set[str]:
    """Names that ``source`` defines at its top level; none if it is not Python."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return set()
    return {name for statement in body for name in _bound(statement)}


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
