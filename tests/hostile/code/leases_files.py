"""Takes leases and locks on files that siblings read too, so that they wait, or are told a bit.
stopped by: system call filter
part: info_nce
"""

import fcntl
import os

import matplotlib
import torch

found = []
for path in (torch.__file__, matplotlib.__file__, os.__file__):
    handle = os.open(path, os.O_RDONLY)
    for name, way in {
        "lease": lambda fd: fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        "flock": lambda fd: fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB),
        "record lock": lambda fd: fcntl.lockf(fd, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, 7),
        "notify": lambda fd: fcntl.fcntl(fd, fcntl.F_NOTIFY, 1),
    }.items():
        try:
            way(handle)
        except OSError:
            continue
        found.append(name)


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
