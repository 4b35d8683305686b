"""Hands in two notebooks more, under names that sort before and after the right one.
stopped by: reading
deserves: all
"""

from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "contrastive.ipynb").write_bytes(honest)
    for name in ("aaa.ipynb", "contrastive (1).ipynb", "zzz.ipynb"):
        (folder / name).write_bytes(b"{}")
