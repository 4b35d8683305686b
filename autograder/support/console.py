"""Where the command line prints: results on standard output, all else on standard error."""

from __future__ import annotations

import math
import os
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from autograder.support.plaintext import plain_lines

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_LOG_WIDTH = 160
"""Columns of a file or a pipe, where nobody can widen the window."""

_INTERVAL = 10.0
"""Seconds between two lines of progress where nobody watches a bar."""

out = Console()
err = Console(stderr=True)
if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
    out.width = _LOG_WIDTH


def progress_bar() -> Progress:
    """A bar on standard error, or where that is no terminal a line now and then.

    Its tasks have a field ``counts``.
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
    )
    if err.is_terminal:
        return Progress(*columns, console=err)

    class Lines(Progress):
        """Says how far a task is at its first and its last step, and between them in intervals."""

        _last = -math.inf

        def update(self, *args: Any, **kwargs: Any) -> None:
            super().update(*args, **kwargs)
            self._tell(args[0])

        def advance(self, task_id: TaskID, advance: float = 1) -> None:
            super().advance(task_id, advance)
            self._tell(task_id)

        def _tell(self, task_id: TaskID) -> None:
            task = next(task for task in self.tasks if task.id == task_id)
            due = time.monotonic() - self._last > _INTERVAL
            if not task.completed or not (due or task.completed == task.total):
                return
            self._last = time.monotonic()
            counts = f" ({task.fields['counts']})" if task.fields["counts"] else ""
            total = "?" if task.total is None else f"{task.total:.0f}"
            err.print(f"{task.description}: {task.completed:.0f} of {total}{counts}", markup=False)

    return Lines(*columns, console=err, disable=True)


def doing(what: str) -> AbstractContextManager[object]:
    """Say on standard error what goes on, for as long as it does where that is a terminal."""
    if err.is_terminal:
        return err.status(what)
    err.print(what, markup=False)
    return nullcontext()


def unmarked(text: str) -> str:
    """Text of unknown origin, fit to stand in markup: no control characters, no tags of its own.

    Lines stay lines with their indentation, each of at most 2,000 characters.
    """
    return escape(plain_lines(text))
