"""Notebook magics in a cell's source: what IPython would make of them, without IPython.

Line numbers stay as they are, so that an error names the student's own line.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import NamedTuple

_BODY_RUNS = frozenset({"capture", "prun", "time"})
"""Cell magics whose body is run in the notebook's namespace."""

_CELL_MAGIC = re.compile(r"\s*%%(\w+)[ \t]*([^\n]*)")
_TIMED = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)")
_ASSIGNED = re.compile(r"^([ \t]*[A-Za-z_][\w., \t*()\[\]]*=[ \t]*)([%!].*)$")
_LINE_MAGIC = re.compile(r"^([ \t]*)([%!].*|\?{1,2}[\w.]+[ \t]*|[\w.]+\?{1,2}[ \t]*)$")
_TEXT = re.compile(r"""('{3}|"{3})(?:\\.|(?!\1)[^\\])*(\1|\\?$)|(['"])(?:\\.|(?!\3)[^\\])*\3|#.*""")
"""Strings and comments of a line; of a string that goes on behind it, what is there."""


class _Open(NamedTuple):
    """What goes on behind a line: whatever the next one looks like, it is no magic."""

    quote: str = ""
    """That of a string over several lines."""
    brackets: int = 0
    backslash: bool = False


class File(NamedTuple):
    """What ``%%writefile`` writes."""

    name: str
    content: str
    append: bool


def written_file(source: str) -> File | None:
    """The file that a cell writes, if it begins with ``%%writefile``."""
    magic = _CELL_MAGIC.match(source)
    if magic is None or magic[1] not in ("writefile", "file"):
        return None
    options = magic[2].split()
    append = "-a" in options or "--append" in options
    names = [option for option in options if not option.startswith("-")]
    content = source[magic.end() :].removeprefix("\n")
    return File(names[0], content, append) if names else None


def as_python(source: str) -> str:
    """``source`` with magics and shell lines put out of action, if that makes it Python.

    A cell under ``%%time``, ``%%capture`` or ``%%prun`` is its body; under any other cell magic it
    is nothing. ``%time x = f()`` is ``x = f()``; ``x = !ls`` and ``x = %timeit -o f()`` make ``x``
    None. Source that is Python as it is, or not even then, comes back unchanged.
    """
    if _parses(source):
        return source
    lines = source.split("\n")
    magic = _CELL_MAGIC.match(source)
    if magic is not None:
        first = source[: magic.start(1)].count("\n")
        lines[: first + 1] = ["" for _ in range(first)] + [f"pass  # {lines[first].strip()}"]
        if magic[1] not in _BODY_RUNS:
            return "\n".join([*lines[: first + 1], *(f"# {line}" for line in lines[first + 1 :])])
    plain: list[str] = []
    opened = _Open()
    goes_on = False
    for line in lines:
        if goes_on:
            goes_on = line.rstrip().endswith("\\")
            plain.append(f"# {line}".rstrip("\\ "))
            continue
        changed = line if any(opened) else _without(line)
        if changed != line:
            goes_on = line.rstrip().endswith("\\")
            changed = changed.rstrip("\\ ") if goes_on else changed
        else:
            opened = _opened(line, opened)
        plain.append(changed)
    result = "\n".join(plain)
    return result if _parses(result) else source


def _without(line: str) -> str:
    if timed := _TIMED.match(line):
        return timed[1] + line[timed.end() :]
    if (assigned := _ASSIGNED.match(line)) and "," not in assigned[1]:
        return f"{assigned[1]}None  # {assigned[2]}"
    if assigned or _LINE_MAGIC.match(line):
        indent = line[: len(line) - len(line.lstrip())]
        return f"{indent}pass  # {line.strip()}"
    return line


def _opened(line: str, before: _Open) -> _Open:
    """What is open behind ``line``, if ``before`` is what was open before it."""
    if before.quote:
        _, ended, line = line.partition(before.quote)
        if not ended:
            return before
    quotes = [text[1] for text in _TEXT.finditer(line) if text[1] != text[2]]
    code = _TEXT.sub("", line)
    more = sum(sign in "([{" for sign in code) - sum(sign in ")]}" for sign in code)
    return _Open("".join(quotes), before.brackets + more, code.endswith("\\"))


def _parses(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
