"""Ends in the middle.
stopped by: reading
deserves: refused
"""


def make(honest: bytes) -> bytes:
    return honest[: len(honest) // 2]
