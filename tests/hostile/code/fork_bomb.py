"""Forks until nothing forks any more.
stopped by: system call filter
part: info_nce
"""

import os

found = []
for way in (os.fork, os.forkpty):
    try:
        pid = way()
    except OSError:
        continue
    found.append(way.__name__)
    if pid == 0 or pid == (0, 0):
        os._exit(0)


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
