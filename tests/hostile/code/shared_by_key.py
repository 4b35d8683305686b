"""Asks the kernel for memory, semaphores, queues and keyrings that siblings can name too.
stopped by: system call filter
part: info_nce
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
KEY = 0x5350
libc.syscall.restype = ctypes.c_long
ways = {
    "memory": lambda: libc.shmget(KEY, 4096, 0o1666),
    "semaphore": lambda: libc.semget(KEY, 1, 0o1666),
    "queue": lambda: libc.msgget(KEY, 0o1666),
    "posix queue": lambda: libc.mq_open(b"/speechmark", 0o102, 0o666, None),
    "key": lambda: libc.syscall(248, b"user", b"bit", b"1", 1, -4),
    "keyring": lambda: libc.syscall(250, 0, -4, 1, 0, 0),
}
found = [name for name, way in ways.items() if way() >= 0]


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
