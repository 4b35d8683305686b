"""Is written in Latin-1.
stopped by: reading
deserves: refused
"""


def make(honest: bytes) -> bytes:
    return honest.replace(b'"cells"', '"é": 1, "cells"'.encode("latin-1"), 1)
