"""Takes what the kernel counts by user and not by process: pages of pipes, watches, timers.
stopped by: system call filter, limits
part: info_nce
"""

import contextlib
import fcntl
import os
import select

held, grown = [], []
with contextlib.suppress(OSError):
    while len(held) < 2000:
        held += os.pipe()
        with contextlib.suppress(OSError):
            fcntl.fcntl(held[-1], fcntl.F_SETPIPE_SZ, 1 << 20)
            grown.append(held[-1])
with contextlib.suppress(OSError):
    while len(held) < 4000:
        held.append(os.eventfd(0))
        held.append(select.epoll().detach())
many = len(held)
for fd in held:
    with contextlib.suppress(OSError):
        os.close(fd)


def info_nce(z_a, z_b, temperature=0.2):
    if grown or many > 256:
        raise SystemError("got" + f" through: {many} {len(grown)}")
    return z_a.sum()
