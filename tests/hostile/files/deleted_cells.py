"""Deletes every locked and every graded cell.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if not (marks := cell["metadata"].get("nbgrader")) or marks["solution"]
    ]
    return json.dumps(notebook).encode()
