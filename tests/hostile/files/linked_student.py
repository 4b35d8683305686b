"""Is a student whose whole folder is a link to that of a student who did the work.
stopped by: reading
deserves: refused
"""

import os
from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    os.symlink("honest", folder.parent)
