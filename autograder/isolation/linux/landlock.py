"""Landlock: a process gives up the files, ports and signals it will not need.

See the kernel's Documentation/userspace-api/landlock.rst. Needs no privilege and no package,
Linux 5.13 for files, 6.7 for TCP, 6.12 for signals and abstract Unix sockets. What it leaves:
stat(2) on any path, and disk use inside a folder one may write to. Our own, since it is three
system calls that Python's standard library does not have.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable

from autograder.isolation.linux import namespaces

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE = 1 << 14
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | 1 << 15
_READ = _READ_FILE | _READ_DIR
# Bits of each kind of access that a version of the interface knows.
_FILES = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP, _SCOPED = 0b11, 0b11

_libc = ctypes.CDLL(None, use_errno=True)


def _call(number: int, *args: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *args))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"landlock: {os.strerror(ctypes.get_errno())}")
    return result


def version() -> int:
    """The kernel's Landlock interface version, 0 where there is none."""
    if sys.platform != "linux":
        return 0
    try:
        return _call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    except OSError:
        return 0


def restrict(read: Iterable[str], write: Iterable[str]) -> None:
    """Leave this process only what lies beneath ``read`` and ``write``, for good.

    TCP is gone where the kernel can take it away, and so are signals to and abstract Unix
    sockets of processes outside. Paths that do not exist are passed over.

    Args:
        read: files and folders to read (and map as programs' code, but not to run).
        write: files and folders to read, write, make and remove in.

    Raises:
        OSError: the kernel has no Landlock.
    """
    known = version()
    files = (1 << _FILES[min(known, 5)]) - 1 if known else 0
    attributes = struct.pack("=QQQ", files, _TCP if known >= 4 else 0, _SCOPED if known >= 6 else 0)
    # Older kernels insist on the size they know.
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    ruleset = _call(_CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for paths, access in ((read, _READ), (write, files & ~_EXECUTE)):
            for path in paths:
                _allow(ruleset, path, access & files)
        namespaces.no_new_privileges()
        _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):
            access &= _OF_A_FILE
        rule = struct.pack("=Qi", access, fd)
        _call(
            _ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0)
        )
    finally:
        os.close(fd)
