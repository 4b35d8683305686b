"""Holds NaN and infinities where metadata has numbers, and points that are none.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    notebook["metadata"]["x"] = float("nan")
    for cell in notebook["cells"]:
        cell["metadata"]["x"] = float("inf")
        if cell["metadata"].get("nbgrader"):
            cell["metadata"]["nbgrader"]["points"] = float("nan")
    return json.dumps(notebook).encode()
