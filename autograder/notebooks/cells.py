"""What a code cell holds: its source, the names it defines, its magics."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from autograder.lab.testing.magics import as_python

_DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+\w", re.MULTILINE)

_LONGEST = 20_000

Kind = Literal["setup", "solution", "extra", "graded"]


@dataclass(frozen=True)
class Cell:
    """Code to run in grading.

    ``id`` is the grade_id (``"loss_solution"``) or ``"extra_1"``, ``"extra_2"``, ... for
    the student's own cells; ``part`` is the part whose solution cell this is. A cell of kind
    ``graded`` has no code: it is the place at which a part is asked for.
    """

    id: str
    kind: Kind
    part: str | None
    source: str


def digest(cells: Iterable[Cell]) -> str:
    """SHA-256 of what grading runs: the same for two submissions if their work is the same."""
    content = [[cell.kind, cell.part, cell.source] for cell in cells]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def defined(source: str) -> frozenset[str]:
    """Names of functions and classes at the top level of a code cell's ``source``."""
    return _names(source) if _DEFINITION.search(source) else frozenset()


def added(source: str, known: str, everything: bool) -> str:
    """What a student put into a locked cell: statements at its top level that ``known`` lacks.

    Args:
        source: the cell as it was handed in.
        known: the cell as it was released.
        everything: any statement; else imports, functions and classes alone.
    """
    tree, original = _tree(source), _tree(known)
    if tree is None:
        return ""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    there = {ast.dump(node) for node in original.body} if original else set()
    lines = as_python(source).split("\n")
    # By line ranges, since any number of statements may share a line.
    ranges: dict[tuple[int, int | None], None] = {}
    for node in tree.body:
        if (everything or isinstance(node, kinds)) and ast.dump(node) not in there:
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(d.lineno for d in decorators)])
            ranges[first - 1, node.end_lineno] = None
    return "\n".join("\n".join(lines[first:last]) for first, last in ranges)


def assigned(source: str) -> frozenset[str]:
    """All names that a code cell sets or defines at its top level or in its loops."""
    tree = _tree(source)
    if tree is None:
        return frozenset()
    nodes = list(ast.walk(tree))
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return frozenset(stored) | _names(source)


@lru_cache(maxsize=1024)
def _names(source: str) -> frozenset[str]:
    """The names of :func:`defined`, kept in place of trees, a hundred times as large."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    tree = _tree(source)
    return (
        frozenset(node.name for node in tree.body if isinstance(node, kinds))
        if tree
        else frozenset()
    )


def _tree(source: str) -> ast.Module | None:
    """The syntax tree; None if there is none, or if the cell is longer than anyone's work."""
    if len(source) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(as_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
