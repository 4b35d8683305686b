"""Is a symbolic link to the folder of a student who did the work.
stopped by: reading
deserves: refused
"""

import os
from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.parent.mkdir(parents=True)
    os.symlink("../honest/contrastive", folder)
