"""Runs a notebook's cells without a kernel."""

from __future__ import annotations

import ast
import asyncio
import inspect
import linecache
from collections.abc import Callable
from typing import Any

from autograder.lab.testing.failures import Crashed, Failure
from autograder.lab.testing.student import blame


def fresh_namespace() -> dict[str, Any]:
    """Globals for a notebook; what IPython adds is there and does nothing."""
    return {
        "__name__": "__main__",
        "get_ipython": _Shell,
        "display": lambda *_, **__: None,
    }


def run_cell(namespace: dict[str, Any], cell: str, source: str, statements: bool) -> None:
    """Run a cell's source in ``namespace``.

    Args:
        namespace: the notebook's globals.
        cell: the cell's name, which tracebacks show.
        source: what the student wrote; IPython magics and shell lines do nothing.
        statements: run on after a top-level statement that raises, so that a stray line
            (a plot, a scratch test) does not take later definitions away. The first
            exception is raised in the end.

    Raises:
        Failure: how the cell ended, if not well.
    """
    filename = f"<cell {cell}>"
    try:
        try:
            tree = ast.parse(source, filename)
        except SyntaxError:
            from IPython.core.inputtransformer2 import TransformerManager

            source = TransformerManager().transform_cell(source)
            tree = ast.parse(source, filename)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise Crashed(type(error).__name__, str(error)[:200], line, cell) from None
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    blocks = [[node] for node in tree.body] if statements else [tree.body]
    first: Failure | None = None
    for block in blocks:
        try:
            code = compile(ast.Module(block, []), filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            if code.co_flags & inspect.CO_COROUTINE:
                asyncio.run(eval(code, namespace))
            else:
                exec(code, namespace)
        except BaseException as error:
            first = first or blame(error)
    if first is not None:
        raise first


class _Shell:
    """Stands for IPython's shell: magics and shell lines of a notebook do nothing here."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None
