"""Is an empty folder.
stopped by: reading
deserves: refused
"""

from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.mkdir(parents=True)
