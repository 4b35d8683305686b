"""Asks for a kernel of its own, which would run a shell.
stopped by: rebuilding
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    notebook["metadata"]["kernelspec"] = {
        "name": "bash",
        "display_name": "Bash",
        "language": "bash",
        "argv": ["bash", "-c", "touch @COURSE@/kernel"],
    }
    return json.dumps(notebook).encode()
