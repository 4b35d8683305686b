"""Notebook files: reading them, their cells, a submission rebuilt from the release."""

from autograder.notebooks.cells import Cell, assigned, digest
from autograder.notebooks.ipynb import (
    CELL_LIMIT,
    SIZE_LIMIT,
    Notebook,
    read,
    read_bytes,
    setup_cells,
)
from autograder.notebooks.rebuild import Rebuilt, rebuild

__all__ = [
    "CELL_LIMIT",
    "SIZE_LIMIT",
    "Cell",
    "Notebook",
    "Rebuilt",
    "assigned",
    "digest",
    "read",
    "read_bytes",
    "rebuild",
    "setup_cells",
]
