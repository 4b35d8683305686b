"""Double-forks into a daemon of a new session that would outlive the grading.
stopped by: system call filter
part: info_nce
"""

import ctypes
import os
import time

libc = ctypes.CDLL(None, use_errno=True)
found = []
SIGCHLD, CLONE_VM, CLONE_VFORK = 17, 0x100, 0x4000
for name, way in {
    "fork": os.fork,
    "clone": lambda: libc.syscall(56, SIGCHLD, 0, 0, 0, 0),
    "clone3": lambda: libc.syscall(435, 0, 0),
    "vfork": lambda: libc.syscall(58),
}.items():
    try:
        pid = way()
    except OSError:
        continue
    if pid == 0:
        os.setsid()
        time.sleep(120)
        os._exit(0)
    if pid > 0:
        found.append(name)


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
