"""Hands in a file where its folder should be, so as to be left out of the table.
stopped by: reading
deserves: refused
"""

from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.parent.mkdir()
    folder.write_bytes(honest)
