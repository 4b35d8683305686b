"""Renames its solution cells after each other and after cells that do not exist.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    for number, cell in enumerate(notebook["cells"]):
        marks = cell["metadata"].get("nbgrader") or {}
        if marks.get("solution") and cell["cell_type"] == "code":
            marks["grade_id"] = f"discussion_{number}"
            cell["id"] = f"cell-{number}"
    return json.dumps(notebook).encode()
