"""Has ten megabytes of code in cells that are each short enough to be parsed.
stopped by: reading
deserves: refused
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    source = "def mine(): pass\n" + "1;" * 9_000 + "\n%magic"
    notebook["cells"] += [
        {"cell_type": "code", "id": f"x{n}", "metadata": {}, "source": source, "outputs": []}
        for n in range(550)
    ]
    return json.dumps(notebook).encode()
