"""Is a pipe that never fills, with a socket beside it.
stopped by: reading
deserves: refused
"""

import os
import stat
from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.mkdir(parents=True)
    os.mkfifo(folder / "contrastive.ipynb")
    os.mkfifo(folder / "timestamp.txt")
    os.mknod(folder / "socket", stat.S_IFSOCK | 0o600)
