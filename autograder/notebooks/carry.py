"""A student's work on an older release, moved into a newer one."""

from __future__ import annotations

from autograder.notebooks.ipynb import Notebook
from autograder.notebooks.marked import MarkedCell


def carried_over(rebuilt: Notebook, old: Notebook, new: Notebook) -> Notebook:
    """What the student wrote, in the cells of ``new``; to be rebuilt from ``new``.

    A stub that was left as it was becomes the new stub. Work on a part that is no more stays as
    an extra cell.

    Args:
        rebuilt: the submission, rebuilt from ``old``.
        old: the release that it was made on.
        new: the release that it is graded as.
    """
    released = {cell["id"]: cell for cell in old["cells"]}
    by_mark = {_mark(cell): cell for cell in new["cells"] if _mark(cell)}
    by_id = {cell["id"]: cell for cell in new["cells"]}
    cells = []
    for cell in rebuilt["cells"]:
        was = released.get(cell["id"])
        if was is None:
            cells.append(cell)
            continue
        now = by_mark.get(_mark(was)) or by_id.get(was["id"])
        written = cell["source"].strip() != was["source"].strip()
        if now is not None:
            cells.append({**now, "source": cell["source"]} if written else now)
        elif written:
            cells.append({**cell, "id": f"former-{cell['id']}", "metadata": {}})
    return {**new, "cells": cells}


def _mark(cell: Notebook) -> str:
    return MarkedCell(cell).marks.grade_id
