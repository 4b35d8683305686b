"""Watches the folders that its siblings read too, to see when they open what.
stopped by: system call filter
part: info_nce
"""

import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)


def watched():
    for start in (libc.inotify_init, lambda: libc.inotify_init1(0), lambda: libc.fanotify_init(0, 0)):
        if start() >= 0:
            yield start
    # The numbers themselves, past what libc makes of them.
    for number in (253, 294, 254, 300, 301):
        if libc.syscall(number, 3, b"/", 0xFFF, 0, 0) >= 0 or ctypes.get_errno() != errno.EPERM:
            yield number


found = list(watched()) if os.uname().machine == "x86_64" else []


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
