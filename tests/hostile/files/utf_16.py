"""Is written in UTF-16 with a byte order mark.
stopped by: reading
deserves: all
"""


def make(honest: bytes) -> bytes:
    return honest.decode().encode("utf-16")
