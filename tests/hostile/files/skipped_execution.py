"""Tags every cell so that it is not run, not shown or expected to raise.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "remove-cell", "raises-exception"]
        cell["metadata"]["editable"] = False
    return json.dumps(notebook).encode()
