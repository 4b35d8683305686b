"""Is a folder with the notebook's name.
stopped by: reading
deserves: refused
"""

from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    (folder / "contrastive.ipynb").mkdir(parents=True)
