"""Has null bytes and escapes in its sources, ids and marks.
stopped by: reading
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    for cell in notebook["cells"]:
        cell["id"] += "\0"
    notebook["cells"].append(
        {"cell_type": "code", "id": "\x1b[2J", "metadata": {}, "source": "x = '\0\x1b[2J'"}
    )
    return json.dumps(notebook).encode()
