"""Has a locked cell of 22,000 imports on one line, which grow to gigabytes if each keeps the line.
stopped by: reading, rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "tools":
            cell["source"] += "\n" + "import math;" * 22_000
    return json.dumps(notebook).encode()
