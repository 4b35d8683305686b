"""Has cells that look like solutions and cost a parser more than grading does.
stopped by: reading, rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    source = "if False:\n    " + "a = b + c[d]; " * 10_000 + "\ndef mine(): pass\n%magic"
    notebook["cells"] += [
        {"cell_type": "code", "id": f"x{n}", "metadata": {}, "source": source, "outputs": []}
        for n in range(6)
    ]
    return json.dumps(notebook).encode()
