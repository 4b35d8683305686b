"""Removes its scratch folder from under itself, and keeps files open that are no more.
stopped by: fresh worker
part: info_nce
"""

import contextlib
import mmap
import os
import shutil

here = os.getcwd()
held = []
for number in range(20):
    with contextlib.suppress(OSError):
        file = open(f"{here}/{number}", "w+b")  # noqa: SIM115
        file.truncate(1 << 20)
        held += [file, mmap.mmap(file.fileno(), 1 << 20)]
shutil.rmtree(here, ignore_errors=True)
for way in (
    lambda: os.rmdir(here),
    lambda: os.rename(here, f"{here}_moved"),
    lambda: os.symlink("@COURSE@", here),
):
    with contextlib.suppress(OSError):
        way()


def info_nce(z_a, z_b, temperature=0.2):
    return z_a.sum()
