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
from autograder.notebooks.marked import MarkedCell, cells_of, part_of, solution_id
from autograder.notebooks.rebuild import Rebuilt, rebuild

__all__ = [
    "CELL_LIMIT",
    "SIZE_LIMIT",
    "Cell",
    "MarkedCell",
    "Notebook",
    "Rebuilt",
    "assigned",
    "cells_of",
    "digest",
    "part_of",
    "read",
    "read_bytes",
    "rebuild",
    "setup_cells",
    "solution_id",
]
