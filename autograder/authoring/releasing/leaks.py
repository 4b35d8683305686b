"""Lines of solutions and hidden suites that must not show in a release.

A line counts if a student could learn from it. These do not count, since they say nothing
that the release does not say by design, or nothing at all:

- lines shorter than ``SHORT`` characters (``return x``, ``else:``, a bracket);
- imports, decorators, and headers of functions and classes: names and signatures are told;
- the first line of a test's docstring: it is the demand that feedback shows;
- ``super().__init__()``, a method called without arguments, returning or raising a plain name, or
  the opening of a call to one;
- of suites also their plumbing, which public suites share: ``except`` and ``raise ... from``,
  ``assert isinstance(...)``, a field's type, the opening of a call, returning
  ``x.detach().clone()``, a generator made from a named seed, a loop over the dtypes that the
  text names.

Any other line that a hidden and a public suite share by accident is reported too: rephrase one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import filterfalse
from pathlib import Path
from typing import NamedTuple

from autograder.notebooks import Notebook, cells_of, read

SHORT = 12

_TOLD = re.compile(
    r"""(import|from)\ .*
    |@.*
    |super\(\)\.__init__\(.*\)
    |[\w.]+\(\)
    |(return|raise)\ [\w.]*(\(\)?)?
    |\W*""",
    re.VERBOSE,
)
_PLUMBING = re.compile(
    r"""except\ [\w.]+(\ as\ \w+)?:
    |raise\ \w+\(\w*\)\ from\ \w+
    |assert\ isinstance\([^()]*\)
    |\w+:\ \w+
    |\w+\ =\ [\w.]+\(
    |return\ \w+(\.\w+\(\))+
    |(return|\w+\ =)\ (torch\.)?Generator\(\)\.manual_seed\([a-z_]+\)
    |for\ \w+\ in\ \(torch\.float32,\ torch\.float64\):""",
    re.VERBOSE,
)


class Secret(NamedTuple):
    """What of an assignment no release may show."""

    assignment: str
    solution: Notebook
    """The source notebook, with its solution regions."""
    hidden: Sequence[Path]
    """Files of hidden suites."""


def leaks(secret: Iterable[Secret], released: Path) -> list[str]:
    """One sentence for each secret line found in the files under ``released``.

    Lines are compared without regard to white space, and found inside longer lines too.

    Args:
        secret: of every assignment of the course.
        released: the folder that would be released.
    """
    secrets: dict[str, str] = {}
    for name, solution, hidden in secret:
        for line in _telling(_solution_lines(solution)):
            secrets.setdefault(line, f"the solution of {name}")
        for file in hidden:
            lines = _suite_lines(file.read_text(encoding="utf-8"))
            for line in filterfalse(_PLUMBING.fullmatch, _telling(lines)):
                secrets.setdefault(line, f"the hidden {file.name} of {name}")
    found = []
    for path in sorted(p for p in released.rglob("*") if p.is_file()):
        shown = "\n".join(_squeeze(line) for line in _text(path).split("\n"))
        found += [
            f"{path.relative_to(released)} shows a line of {whose}: {line}"
            for line, whose in secrets.items()
            if line in shown
        ]
    return found


def _solution_lines(solution: Notebook) -> Iterator[str]:
    for cell in cells_of(solution):
        if not cell.marks.solution:
            continue
        lines = cell.source.split("\n")
        shown = _shown_lines(cell.source) if cell.is_code else set()
        # Like nbgrader, take the whole cell for the solution if no region is marked.
        inside = whole = not any("BEGIN SOLUTION" in line for line in lines)
        for number, line in enumerate(lines, 1):
            if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
                inside = whole or "BEGIN SOLUTION" in line
            elif inside and number not in shown:
                yield line


def _suite_lines(source: str) -> Iterator[str]:
    shown = _shown_lines(source)
    return (line for number, line in enumerate(source.split("\n"), 1) if number not in shown)


def _shown_lines(source: str) -> set[int]:
    """Numbers of the lines that students may see: headers, and the demands of tests."""
    shown: set[int] = set()
    lines = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = node.body[0]
            header = range(node.lineno, max(first.lineno, node.lineno + 1))
            shown |= {n for n in header if not lines[n - 1].lstrip().startswith("#")}
            if node.name.startswith("test_") and ast.get_docstring(node):
                shown.add(first.lineno)
    return shown


def _telling(lines: Iterable[str]) -> Iterator[str]:
    for line in map(_squeeze, lines):
        if len(line) >= SHORT and _TOLD.fullmatch(line) is None:
            yield line


def _squeeze(line: str) -> str:
    return " ".join(line.split())


def _text(path: Path) -> str:
    if path.suffix == ".ipynb":
        return "\n".join(cell.source for cell in cells_of(read(path)))
    return path.read_bytes().decode("utf-8", "replace")
