"""The last cell of a notebook: the file to hand in, made of the notebook as it stands now.

Where the front end tells the notebook to its code (Colab), that is taken; else the file that it
was saved to, with what the kernel has run since then; else the release with all that was run.
"""

from __future__ import annotations

import copy
import importlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.homework import place
from autograder.lab.testing.validating import RELEASED
from autograder.notebooks import SIZE_LIMIT, Notebook, cells_of, read, rebuild
from autograder.notebooks.cells import defined
from autograder.notebooks.marked import part_of
from autograder.support import files
from autograder.support.errors import SpeechmarkError
from autograder.support.sentences import say

FOLDER = "to_hand_in"


def hand_in(name: str, folder: str | Path = "public") -> None:
    """Save the notebook as the grader expects it, and say where and what is not written yet.

    Args:
        name: the assignment's, and so the file's.
        folder: holds the released notebook.
    """
    released_file = Path(folder) / RELEASED
    if not released_file.is_file():
        print(say("hand_in.no_public", folder=folder))
        return
    released = read(released_file)
    notebook, whole = _as_it_stands(name, released)
    notebook["metadata"] = {**released["metadata"], **notebook.get("metadata", {})}
    target = Path(FOLDER) / f"{name}.ipynb"
    stripped = _strip(notebook)
    try:
        written = read(content := _bytes(notebook))
        files.write(target, content)
    except SpeechmarkError as error:
        print(say("hand_in.refused", why=error))
        return
    if stripped:
        print(say("hand_in.stripped_one" if stripped == 1 else "hand_in.stripped", cells=stripped))
    if not whole:
        print(say("hand_in.kaggle" if place.host() == "Kaggle" else "hand_in.unsaved", name=name))
    if missing := unwritten(written, released):
        print(say("hand_in.unwritten", parts=", ".join(missing)))
    print(say("hand_in.done", path=target.absolute(), name=name))
    if place.host() == "Colab":
        importlib.import_module("google.colab.files").download(str(target))


def unwritten(submitted: Notebook, released: Notebook) -> list[str]:
    """The parts and written answers that are as they were released."""
    rebuilt = rebuild(submitted, released).notebook
    left = {cell["id"]: cell["source"] for cell in rebuilt["cells"]}
    return [
        part_of(cell.marks.grade_id)
        for cell in cells_of(released)
        if cell.marks.solution and left[cell.raw["id"]].strip() == cell.source.strip()
    ]


def _as_it_stands(name: str, released: Notebook) -> tuple[Notebook, bool]:
    """The notebook with its outputs, and whether its text is what the student sees."""
    if place.host() == "Colab":
        message = importlib.import_module("google.colab._message")
        answer = message.blocking_request("get_ipynb", request="", timeout_sec=60)
        if answer:
            return answer["ipynb"], True
    runs = place.runs()
    if file := place.notebook_file(name):
        notebook = json.loads(file.read_text(encoding="utf-8"))
        saved = file.stat().st_mtime
        return with_runs(notebook, [run for run in runs if run.at > saved]), True
    cells = [_new_cell(number, source) for number, source in enumerate(_last_of_each(runs), 1)]
    return {**rebuild(_readable(cells), released).notebook}, False


def with_runs(notebook: Notebook, runs: Sequence[place.Run]) -> Notebook:
    """A saved notebook, with the functions and classes that were run since in their places.

    A cell that was run stands in the place of that with its id, or where the front end tells no
    ids, of that which defines one of its names; else at the end. What defines nothing is an
    experiment and changes nothing.
    """
    notebook = copy.deepcopy(notebook)
    cells: list[dict[str, Any]] = notebook["cells"]
    texts = {_source(cell) for cell in cells}
    ids = {cell["id"] for cell in cells if "id" in cell}
    by_id = any(run.cell in ids for run in runs)
    for number, run in enumerate(runs, 1):
        names = defined(run.source)
        if not names or run.source in texts:
            continue
        same = [
            cell
            for cell in cells
            if cell["cell_type"] == "code"
            and (
                cell.get("id") == run.cell
                if by_id
                else not names.isdisjoint(defined(_source(cell)))
            )
        ]
        if same:
            same[0]["source"] = run.source
        else:
            ids.add(run.cell)
            cells.append(_new_cell(number, run.source) | ({"id": run.cell} if by_id else {}))
    return notebook


def _last_of_each(runs: Sequence[place.Run]) -> list[str]:
    """The sources of what was run, each once, in the order of the last time."""
    return list(dict.fromkeys(run.source for run in reversed(runs)))[::-1]


def _strip(notebook: Notebook) -> int:
    """Drop the largest outputs until the grader takes the file; of how many cells."""
    stripped = 0
    cells = [cell for cell in notebook["cells"] if cell.get("outputs")]
    for cell in sorted(cells, key=lambda cell: len(json.dumps(cell["outputs"])), reverse=True):
        if len(_bytes(notebook)) <= SIZE_LIMIT:
            break
        cell["outputs"] = []
        stripped += 1
    return stripped


def _bytes(notebook: Notebook) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode(
        "utf-8", "surrogatepass"
    )


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _new_cell(number: int, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"run-{number}",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _readable(cells: list[dict[str, Any]]) -> Notebook:
    return read(_bytes({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
