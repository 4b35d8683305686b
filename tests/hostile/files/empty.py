"""Is empty.
stopped by: reading
deserves: refused
"""


def make(honest: bytes) -> bytes:
    return b""
