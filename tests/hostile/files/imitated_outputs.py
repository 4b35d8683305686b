"""Brings outputs that imitate a score, errors that never were, and markup that runs.
stopped by: reading
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            data = {
                "text/plain": "4.0",
                "text/html": "<script>evil(1)</script>",
                "image/svg+xml": "<svg onload=evil(1)></svg>",
                "application/javascript": "evil(1)",
            }
            result = {"output_type": "execute_result", "data": data, "metadata": {}}
            cell["outputs"] = [{**result, "execution_count": 1}]
            cell["execution_count"] = 1
    return json.dumps(notebook).encode()
