"""Has its cells in the opposite order.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    notebook["cells"].reverse()
    return json.dumps(notebook).encode()
