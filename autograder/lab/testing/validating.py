"""``nbgrader validate`` and Jupyter's button Validate: the student's own cells and the checks.

nbgrader runs the whole notebook in a kernel, 30 seconds a cell, and counts a graded cell as failed
if it raises. So while it validates, a check that fails raises, and what takes long and is not
graded is left out: the locked cells that only demonstrate, and training.
"""

from __future__ import annotations

import json
import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, NoReturn

from autograder.support.sentences import say

RELEASED = "released.json"
"""The released notebook, beside the public suites: what a submission is rebuilt from."""


class ChecksFail(Exception):
    """Public checks do not hold; the message is what :func:`check` prints of them."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return str(self).splitlines()


def validating() -> bool:
    """Whether this notebook is being run by nbgrader's validator."""
    return "NBGRADER_VALIDATING" in os.environ


def leave_out_the_rest(namespace: MutableMapping[str, Any], folder: Path) -> None:
    """Have the notebook's kernel pass over demonstrations and training from here on.

    Args:
        namespace: the notebook's globals.
        folder: the public suites, and :data:`RELEASED` beside them.
    """
    from IPython.core.getipython import get_ipython

    namespace["run_training"] = _not_made
    shell, released = get_ipython(), folder / RELEASED
    if shell is None or not released.is_file():
        return
    steps = shell.input_transformers_cleanup
    if not any(isinstance(step, _Passing) for step in steps):
        steps.append(_Passing(json.loads(released.read_text(encoding="utf-8"))))


class _Passing:
    """Replaces the source of a demonstration by nothing, before IPython runs it."""

    def __init__(self, release: dict[str, Any]) -> None:
        setup = release["metadata"].get("speechmark", {}).get("setup", [])
        self._demonstrations = {
            _text(cell["source"])
            for cell in release["cells"]
            if cell["cell_type"] == "code" and _demonstrates(cell, setup)
        }

    def __call__(self, lines: list[str]) -> list[str]:
        return [] if _text(lines) in self._demonstrations else lines


def _demonstrates(cell: dict[str, Any], setup: list[str]) -> bool:
    marks = cell["metadata"].get("nbgrader", {})
    wanted = marks.get("grade") or marks.get("solution") or marks.get("grade_id") in setup
    return bool(marks) and not wanted


def _text(source: str | list[str]) -> str:
    return "\n".join(line.rstrip() for line in "".join(source).split("\n")).strip()


def _not_made(*_: object, **__: object) -> NoReturn:
    raise RuntimeError(say("notebook.no_training"))
