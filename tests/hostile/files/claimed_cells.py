"""Gives the name of every unwritten part to a cell that prints its points.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    for part in ("time_mask", "encoder", "time_mask_solution", "encoder_solution"):
        marks = {"grade_id": part, "grade": True, "solution": True, "points": 100, "locked": False}
        notebook["cells"].append(
            {
                "cell_type": "code",
                "id": part,
                "metadata": {"nbgrader": marks},
                "source": "4.0",
                "outputs": [],
            }
        )
    return json.dumps(notebook).encode()
