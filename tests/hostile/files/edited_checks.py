"""Rewrites every graded cell to print full marks, and the setup to patch what checks them.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade") and cell["cell_type"] == "code":
            cell["source"] = f"{marks['points']}"
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": {"text/plain": "4.0"},
                }
            ]
        if marks.get("grade_id") == "lab":
            cell["source"] = "check = lambda *_: 4.0\n"
    return json.dumps(notebook).encode()
