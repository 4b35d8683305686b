"""Has values of the wrong type wherever one is expected.
stopped by: reading
deserves: refused
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    notebook["metadata"] = [1]
    notebook["cells"] = [
        {"cell_type": ["code"], "id": {}, "metadata": 5, "source": ["x", 1]},
        *notebook["cells"],
    ]
    return json.dumps(notebook).encode()
