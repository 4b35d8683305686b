"""Holds metadata nested as deeply as a parser goes, in the notebook, a cell and its marks.
stopped by: rebuilding
deserves: all
"""

import json
from typing import Any


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    notebook["metadata"]["deep"] = deep
    for cell in notebook["cells"]:
        cell["metadata"]["deep"] = {"deep": deep}
        if cell["metadata"].get("nbgrader"):
            cell["metadata"]["nbgrader"]["points"] = deep
    return json.dumps(notebook).encode()
