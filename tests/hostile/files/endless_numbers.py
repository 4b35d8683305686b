"""Holds a number of 100,000 digits, which Python refuses to parse.
stopped by: reading
deserves: refused
"""


def make(honest: bytes) -> bytes:
    return b'{"x": ' + b"9" * 100_000 + b", " + honest.lstrip()[1:]
