"""Where the command line prints: results on standard output, all else on standard error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress

_LOG_WIDTH = 160
"""Columns of a file or a pipe, where nobody can widen the window."""

out = Console()
err = Console(stderr=True)
if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
    out.width = _LOG_WIDTH


def progress_bar() -> Progress:
    """A bar on standard error; its tasks have a field ``counts``."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
        console=err,
    )


def unmarked(text: str) -> str:
    """Text of unknown origin, with nothing that rich would take for markup."""
    return text.replace("[", r"\[")
