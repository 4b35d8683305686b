"""Marks its cells with 400 points each.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader"):
            cell["metadata"]["nbgrader"].update(points=400, grade=True)
    return json.dumps(notebook).encode()
