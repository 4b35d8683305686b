"""What students do to a notebook besides writing the solutions."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Cell = dict[str, Any]
Draw = Callable[[Any], Any]

MAGICS = ("%%time\n", "%%capture out\n", "\n\n%%prun -q\n", "%matplotlib inline\n", "files = !ls\n")
HARMLESS = (
    "print('hello')",
    "1 / 0",
    "import numpy as np\nscratch = np.arange(3)",
    "%timeit -n 1 sum([1])",
    "!pip install \\\n    nothing",
    "%%bash\necho hello",
    "def another(x):\n    return x",
    "for number in range(3):\n    last = number",
    "this is no Python",
    "",
)
RUINOUS = (
    "def frame_power(wave, size=256, hop=128):\n    return wave",
    "%%time\ndef frame_power(wave, size=256, hop=128):\n    return wave",
    "del frame_power",
    "F = 440.0\nmath = None\ntorch = None",
    "frame_power = None",
    "torch.Tensor.square = lambda self: self",
)
"""Experiments that would spoil the part ``energy``, were it not judged already."""
OF_CELLS: tuple[dict[str, Any], ...] = (
    {"id": "a1B2c3", "colab": {"base_uri": "https://localhost"}},
    {"collapsed": True, "tags": ["hide-input", "skip-execution"]},
    {"vscode": {"languageId": "python"}},
    {"deletable": True, "editable": True, "trusted": False},
)
OF_NOTEBOOKS: tuple[dict[str, Any], ...] = (
    {},
    {"kernelspec": {"name": "conda-env-py312", "display_name": "py312", "language": "python"}},
    {"colab": {"provenance": [], "toc_visible": True}, "accelerator": "GPU"},
    {"language_info": {"name": "julia"}},
)


def code(source: str) -> Cell:
    """A code cell without marks."""
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


class Desk:
    """A released notebook with a solution of ``energy``, for its student to edit.

    Whatever is done here leaves the work what it was: a function of ``EDITS`` changes cells
    and draws what is random from what Hypothesis gives it.
    """

    def __init__(self, released: bytes, solution: str) -> None:
        self._notebook: dict[str, Any] = json.loads(released)
        self._cells: list[Cell] = self._notebook["cells"]
        for cell in self._cells:
            cell["source"] = "".join(cell["source"])
        self._lab, written, self._judged = map(self.named, ("lab", "energy_solution", "energy"))
        written["source"] = solution
        self._own = [written]
        """The cells that hold the solution."""

    def content(self) -> bytes:
        """The file."""
        return json.dumps(self._notebook).encode()

    def named(self, grade_id: str) -> Cell:
        """The cell with those marks."""
        marks = (cell["metadata"].get("nbgrader", {}) for cell in self._cells)
        ids = [mark.get("grade_id") for mark in marks]
        return self._cells[ids.index(grade_id)]

    def insert(self, place: int, cell: Cell) -> None:
        """Put a cell at a place."""
        self._cells.insert(place, cell)

    def place(self, cell: Cell) -> int:
        """Where a cell stands."""
        return next(place for place, other in enumerate(self._cells) if other is cell)

    def wrap(self, draw: Draw) -> None:
        """Put a magic above a cell."""
        cell = draw(st.sampled_from(self._own))
        if "%%" not in cell["source"]:
            cell["source"] = draw(st.sampled_from(MAGICS)) + cell["source"]

    def scribble(self, draw: Draw) -> None:
        """Add a cell that has nothing to do with the work."""
        source = draw(st.sampled_from(HARMLESS))
        self.insert(draw(st.integers(0, len(self._cells))), code(source))

    def experiment(self, draw: Draw) -> None:
        """Try, behind the graded cell, what would spoil the work before it."""
        place = draw(st.integers(self.place(self._judged) + 1, len(self._cells)))
        self.insert(place, code(draw(st.sampled_from(RUINOUS))))

    def strip(self, draw: Draw) -> None:
        """Lose marks and ids of one cell or of all, as some front ends do."""
        chosen = self._cells if draw(st.booleans()) else [draw(st.sampled_from(self._cells))]
        for cell in chosen:
            cell["metadata"] = {}
            cell.pop("id", None)

    def split(self, draw: Draw) -> None:
        """Part a cell of functions in two, of which either keeps the marks."""
        cell = draw(st.sampled_from(self._own))
        if "%" in cell["source"] or "!" in cell["source"]:
            return
        functions = ast.parse(cell["source"]).body
        if len(functions) < 2:
            return
        lines = cell["source"].split("\n")
        line = functions[draw(st.integers(1, len(functions) - 1))].lineno - 1
        first, second = "\n".join(lines[:line]), "\n".join(lines[line:])
        first_keeps = draw(st.booleans())
        cell["source"], other = (first, code(second)) if first_keeps else (second, code(first))
        self.insert(self.place(cell) + first_keeps, other)
        self._own.append(other)

    def merge(self, draw: Draw) -> None:
        """Put two cells of the solution into one."""
        if len(self._own) < 2:
            return
        one, other = draw(st.permutations(self._own))[:2]
        if "%%" not in other["source"]:
            one["source"] += f"\n\n\n{other['source']}"
            del self._cells[self.place(other)]
            self._own = [cell for cell in self._own if cell is not other]

    def reorder(self, draw: Draw) -> None:
        """Move a cell of the solution, above the graded cell."""
        cell = draw(st.sampled_from(self._own))
        del self._cells[self.place(cell)]
        first, last = self.place(self._lab) + 1, self.place(self._judged)
        self.insert(draw(st.integers(first, last)), cell)

    def decorate(self, draw: Draw) -> None:
        """Change what front ends write around the cells."""
        cell = draw(st.sampled_from(self._cells))
        cell["metadata"] |= copy.deepcopy(draw(st.sampled_from(OF_CELLS)))
        self._notebook["metadata"] = copy.deepcopy(draw(st.sampled_from(OF_NOTEBOOKS)))
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": ["oh\n"]}]
            cell["execution_count"] = draw(st.integers(0, 99))


EDITS = (
    Desk.wrap,
    Desk.scribble,
    Desk.experiment,
    Desk.strip,
    Desk.split,
    Desk.merge,
    Desk.reorder,
    Desk.decorate,
)


def edited(desk: Desk, draw: Draw, most: int = 7) -> bytes:
    """The file after some edits at random."""
    for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=most)):
        edit(desk, draw)
    return desk.content()
