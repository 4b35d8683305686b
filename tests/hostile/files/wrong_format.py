"""Says that it is a notebook of format 99.
stopped by: reading
deserves: refused
"""

import json


def make(honest: bytes) -> bytes:
    return json.dumps({**json.loads(honest), "nbformat": 99}).encode()
