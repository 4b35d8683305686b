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

_DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)

_LONGEST = 20_000

Kind = Literal["setup", "solution", "extra"]


@dataclass(frozen=True)
class Cell:
    """Code to run in grading.

    ``id`` is the grade_id (``"loss_solution"``) or ``"extra_1"``, ``"extra_2"``, ... for
    the student's own cells; ``part`` is the part whose solution cell this is.
    """

    id: str
    kind: Kind
    part: str | None
    source: str


def digest(cells: Iterable[Cell]) -> str:
    """SHA-256 of what grading runs: the same for two submissions if their work is the same."""
    content = [[cell.kind, cell.part, cell.source] for cell in cells]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def without_magics(source: str) -> str:
    """``source`` with notebook magics and shell lines commented out, if that makes it Python.

    ``%%time``, ``%matplotlib inline``, ``!pip install`` and ``name?`` mean nothing outside a
    notebook. Line numbers stay as they are. Source that parses as it is, or not even then,
    comes back unchanged.
    """
    if _tree(source) is not None:
        return source
    magic = re.compile(r"^([ \t]*)(?=[%!]|\??[\w.]+\?{1,2}[ \t]*$)", re.MULTILINE)
    plain = magic.sub(r"\1pass  # ", source)
    return plain if _tree(plain) is not None else source


def defined(source: str) -> set[str]:
    """Names of functions and classes at the top level of ``source``."""
    names = set(_DEFINITION.findall(source))
    return names if names and _tree(without_magics(source)) is not None else set()


def definitions(source: str, known: str) -> str:
    """Imports, functions and classes at the top level of ``source`` that ``known`` lacks."""
    tree, lines = _tree(without_magics(source)), source.split("\n")
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    # By line ranges, since any number of statements may share a line.
    ranges: dict[tuple[int, int | None], None] = {}
    for node in tree.body if tree else []:
        if isinstance(node, kinds):
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(d.lineno for d in decorators)])
            ranges[first - 1, node.end_lineno] = None
    found = ("\n".join(lines[first:last]) for first, last in ranges)
    return "\n".join(text for text in found if text not in known)


@lru_cache(maxsize=256)
def _tree(source: str) -> ast.Module | None:
    """The syntax tree; None if there is none, or if the cell is longer than anyone's work."""
    if len(source) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
