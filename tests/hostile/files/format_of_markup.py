"""Says that it is a notebook of a format that is markup of a terminal.
stopped by: escaping
deserves: refused
"""

import json


def make(honest: bytes) -> bytes:
    format = "\\[/x] \\\\[link=//evil] \x1b[2J\x9b2J\x1b]0;title\x07 \u202egnp"
    return json.dumps({**json.loads(honest), "nbformat": format}).encode()
