"""Runs a notebook's cells without a kernel."""

from __future__ import annotations

import ast
import asyncio
import inspect
import linecache
import os
import sys
from collections.abc import Callable
from typing import Any, Literal

from autograder.lab.testing.failures import Crashed, Failure
from autograder.lab.testing.magics import as_python, written_file
from autograder.lab.testing.student import blame

How = Literal["whole", "statements", "definitions"]
"""How a cell is run: as a whole; statement by statement, on after one that raises, so that a
stray line (a plot, a scratch test) does not take later definitions away; or only what it imports,
defines and sets without a call, where the whole of it does not end."""


def fresh_namespace() -> dict[str, Any]:
    """Globals for a notebook; what IPython adds is there and does nothing."""
    return {
        "__name__": "__main__",
        "get_ipython": _Shell,
        "display": lambda *_, **__: None,
    }


def run_cell(namespace: dict[str, Any], cell: str, source: str, how: How) -> None:
    """Run a cell's source in ``namespace``.

    Args:
        namespace: the notebook's globals.
        cell: the cell's name, which tracebacks show.
        source: what the student wrote; for magics see :mod:`autograder.lab.testing.magics`.
        how: see :data:`How`; the first exception is raised in the end.

    Raises:
        Failure: how the cell ended, if not well.
    """
    filename = f"<cell {cell}>"
    if file := written_file(source):
        _write(file.name, file.content, file.append)
        return
    source = as_python(source)
    try:
        tree = ast.parse(source, filename)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise Crashed(type(error).__name__, str(error)[:200], line, cell) from None
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    body = [node for node in tree.body if how != "definitions" or _defines(node)]
    blocks = [body] if how == "whole" else [[node] for node in body]
    first: Failure | None = None
    for block in blocks:
        try:
            # Nothing of this module's own, such as how annotations are kept, is passed on.
            code = compile(
                ast.Module(block, []),
                filename,
                "exec",
                ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
                dont_inherit=True,
            )
            if code.co_flags & inspect.CO_COROUTINE:
                asyncio.run(eval(code, namespace))
            else:
                exec(code, namespace)
        except BaseException as error:
            first = first or blame(error)
    if first is not None:
        raise first


def _defines(node: ast.stmt) -> bool:
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return not any(isinstance(part, ast.Call | ast.Await) for part in ast.walk(node))
    return isinstance(node, kinds)


def _write(name: str, content: str, append: bool) -> None:
    """What ``%%writefile`` does; what is written in the working folder can be imported."""
    try:
        with open(name, "a" if append else "w", encoding="utf-8") as file:
            file.write(content if content.endswith("\n") else f"{content}\n")
    except OSError as error:
        raise Crashed(type(error).__name__, str(error)[:200]) from None
    here = os.getcwd()
    if here not in sys.path:
        sys.path.append(here)


class _Shell:
    """Stands for IPython's shell: what a notebook asks of it does nothing here."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None
