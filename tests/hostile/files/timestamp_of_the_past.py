"""Was handed in before the course began, by its own word and in a zone that nbgrader misreads.
stopped by: reading
deserves: all
"""

from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "contrastive.ipynb").write_bytes(honest)
    (folder / "timestamp.txt").write_text("0001-01-01 00:00:00 +2359")
