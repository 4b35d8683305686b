"""Has half characters, which no file can hold, in sources, ids and marks.
stopped by: reading
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    marks = {"grade_id": "\ud800", "grade": True, "points": 5}
    notebook["cells"].append(
        {
            "cell_type": "code",
            "id": "\udfff",
            "metadata": {"nbgrader": marks, "\ud800": "\ud800"},
            "source": "x = '\ud800'",
        }
    )
    return json.dumps(notebook).encode()
