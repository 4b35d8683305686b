"""Is a megabyte of null bytes.
stopped by: reading
deserves: refused
"""


def make(honest: bytes) -> bytes:
    return bytes(1 << 20)
