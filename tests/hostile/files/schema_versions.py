"""Says that its marks are of schema 1, of schema 99 and of none.
stopped by: rebuilding
deserves: all
"""

import itertools
import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    versions = itertools.cycle([1, 99, "3", None, [3]])
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader"):
            cell["metadata"]["nbgrader"]["schema_version"] = next(versions)
            cell["metadata"]["nbgrader"].pop("task", None)
            cell["metadata"]["nbgrader"]["checksum"] = "0" * 32
    return json.dumps(notebook).encode()
