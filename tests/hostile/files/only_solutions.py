"""Hands in its solutions alone, without a mark, an id or a line of the release around them.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    notebook["cells"] = [
        {"cell_type": "code", "metadata": {}, "source": cell["source"], "outputs": []}
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id", "").endswith("_solution")
    ]
    return json.dumps(notebook).encode()
