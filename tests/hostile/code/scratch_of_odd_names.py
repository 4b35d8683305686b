"""Leaves thousands of files, pipes and closed folders whose names are options, bytes and lines.
stopped by: fresh worker
part: info_nce
"""

import contextlib
import os

names = [b"-rf", b"*", b"\n", b"\xff\xfe", b"\x1b[2J", b"a" * 255, b"..a", b" ", b"$(id)", b"con"]
for number in range(300):
    for name in names:
        with contextlib.suppress(OSError):
            os.mkdir(b"%d" % number, 0o700)
        with contextlib.suppress(OSError):
            os.close(os.open(b"%d/" % number + name, os.O_CREAT | os.O_WRONLY, 0))
    with contextlib.suppress(OSError):
        os.mkfifo(b"%d/pipe" % number)
        os.mkdir(b"%d/closed" % number, 0)
        os.rename(b"%d/closed" % number, b"closed%d" % number)


def info_nce(z_a, z_b, temperature=0.2):
    return z_a.sum()
