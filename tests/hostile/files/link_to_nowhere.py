"""Hands in a link that leads nowhere where its folder should be.
stopped by: reading
deserves: refused
"""

from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.parent.mkdir()
    folder.symlink_to("nowhere")
