"""Notebook files: reading them, their cells, a submission rebuilt from the release."""

from autograder.notebooks.cells import Cell, digest, without_magics
from autograder.notebooks.ipynb import CELL_LIMIT, SIZE_LIMIT, Notebook, read, read_bytes
from autograder.notebooks.rebuild import SETUP_CELLS, Rebuilt, rebuild

__all__ = [
    "CELL_LIMIT",
    "SETUP_CELLS",
    "SIZE_LIMIT",
    "Cell",
    "Notebook",
    "Rebuilt",
    "digest",
    "read",
    "read_bytes",
    "rebuild",
    "without_magics",
]
