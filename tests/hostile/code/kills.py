"""Signals its parent, process 1, its group, everybody, and the grader.
stopped by: namespaces, system call filter
part: info_nce
"""

import ctypes
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)
found = []
own = os.getpid()
for pid in {os.getppid(), 1, -1, 0, -os.getpgrp(), int("@GRADER@")} - {own}:
    for name, way in {
        "kill": lambda pid: os.kill(pid, signal.SIGURG),
        "tgkill": lambda pid: libc.syscall(234, pid, pid, signal.SIGURG) == 0 or 1 / 0,
        "queue": lambda pid: libc.sigqueue(pid, signal.SIGURG, None) == 0 or 1 / 0,
        "pidfd": lambda pid: signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGURG),
    }.items():
        try:
            way(pid)
        except (OSError, ZeroDivisionError):
            continue
        found.append((name, pid))


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
