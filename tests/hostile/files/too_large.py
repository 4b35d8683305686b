"""Has 30 megabytes, as a file without content on disk.
stopped by: reading
deserves: refused
"""

from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.mkdir(parents=True)
    with open(folder / "contrastive.ipynb", "wb") as file:
        file.write(honest)
        file.truncate(30 << 20)
