"""Starts with a byte order mark and has the line endings of Windows.
stopped by: reading
deserves: all
"""


def make(honest: bytes) -> bytes:
    return b"\xef\xbb\xbf" + honest.replace(b"\\n", b"\\r\\n")
