"""Was handed in at a time that is markup of a terminal, a link and an order to clear the screen.
stopped by: escaping
deserves: all
"""

from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "contrastive.ipynb").write_bytes(honest)
    (folder / "timestamp.txt").write_bytes(
        b"\\[/x] [link=//evil]now[/link] [/] \\\\[/bold] \x1b[2J\x1b]8;;//evil\x1b\\\x07"
    )
