"""Was handed in at a time that is none.
stopped by: reading
deserves: all
"""

from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "contrastive.ipynb").write_bytes(honest)
    (folder / "timestamp.txt").write_bytes(
        b"<script>evil(1)</script> \xff\x00 in 10000-99-99 +99:99"
    )
