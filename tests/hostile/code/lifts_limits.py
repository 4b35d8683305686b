"""Raises its limits, drops the filter, regains privileges and leaves its namespaces.
stopped by: limits, system call filter
part: info_nce
"""

import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
found = []
for kind in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
    soft, hard = resource.getrlimit(kind)
    try:
        resource.setrlimit(kind, (soft, hard + 10))
        found.append(kind)
    except (OSError, ValueError):
        pass
for name, call in {
    "setuid": lambda: libc.setresuid(0, 0, 0) if os.getuid() else -1,
    "unshare": lambda: libc.unshare(0x10000000),
    "mount": lambda: libc.mount(b"x", b"/tmp", b"tmpfs", 0, None),
    "chroot": lambda: libc.chroot(b"/"),
    "personality": lambda: libc.personality(0x0040000),
    "keyctl": lambda: min(libc.syscall(250, 0, -3, 1), 0),
    "bpf": lambda: min(libc.syscall(321, 0, 0, 0), 0),
    "io_uring": lambda: min(libc.syscall(425, 8, 0), 0),
    "userfaultfd": lambda: min(libc.syscall(323, 0), 0),
    "death": lambda: libc.prctl(1, 0, 0, 0, 0),
}.items():
    if call() == 0:
        found.append(name)


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
