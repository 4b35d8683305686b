"""Hands in its notebook with links to the secret and to the whole disk beside it.
stopped by: rebuilding
deserves: all
"""

import os
from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "contrastive.ipynb").write_bytes(honest)
    os.symlink("@SECRET@", folder / "data.csv")
    os.symlink("/", folder / "disk")
    os.symlink("nowhere", folder / "public")
    os.symlink("@SECRET@", folder / "timestamp.txt")
