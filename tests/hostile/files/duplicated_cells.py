"""Has every cell twice, the copies emptied and put first.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    copies = [{**cell, "source": ""} for cell in notebook["cells"]]
    notebook["cells"] = copies + notebook["cells"]
    return json.dumps(notebook).encode()
