"""Has 100,000 cells beside its own.
stopped by: reading
deserves: refused
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    cell = {"cell_type": "code", "id": "x", "metadata": {}, "source": "1", "outputs": []}
    notebook["cells"] += [cell] * 100_000
    return json.dumps(notebook).encode()
