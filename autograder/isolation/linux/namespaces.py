"""Linux namespaces, mounts and capabilities, straight from the C library.

Everything here runs inside a zygote or a worker (see :mod:`autograder.isolation.zygote`); the
standard library of Python 3.11 has none of it.
"""

from __future__ import annotations

import ctypes
import os
from typing import NoReturn

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

NOBODY = 65534
"""The user and group that a grader started as root gives its workers."""

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 1, 2, 4, 8
_MS_REC, _MS_PRIVATE = 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_CAPBSET_DROP = 1, 4, 8, 24
_CAP_DAC_READ_SEARCH = 1 << 2
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def _fail(what: str) -> NoReturn:
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")


def prctl(option: int, *args: int) -> int:
    """prctl(2); raises OSError."""
    padded = [ctypes.c_ulong(a) for a in (*args, *(0,) * (4 - len(args)))]
    result = int(_libc.prctl(option, *padded))
    if result < 0:
        _fail(f"prctl({option})")
    return result


def no_new_privileges() -> None:
    """No program this process ever runs gains a privilege; seccomp and Landlock ask for it."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends."""
    prctl(_PR_SET_PDEATHSIG, 9)


def unshare(flags: int) -> None:
    """unshare(2); raises OSError where the host refuses."""
    if _libc.unshare(flags) != 0:
        _fail("unshare")


def setns(fd: int, kind: int) -> None:
    """setns(2); raises OSError."""
    if _libc.setns(fd, kind) != 0:
        _fail("setns")


def new_user_namespace(flags: int = 0) -> None:
    """Enter a new user namespace (and those of ``flags``), keeping user and group id.

    The process holds every capability there until :func:`drop_capabilities`.
    """
    uid, gid = os.geteuid(), os.getegid()
    unshare(CLONE_NEWUSER | flags)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1")):
        _write(f"/proc/self/{name}", text)
    _write("/proc/self/gid_map", f"{gid} {gid} 1")


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def mount_tmpfs(path: str, options: str, read_only: bool = False) -> None:
    """Mount an empty memory file system on ``path``: no programs, devices or set-user-id."""
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC | (_MS_RDONLY if read_only else 0)
    if _libc.mount(b"tmpfs", path.encode(), b"tmpfs", flags, options.encode()) != 0:
        _fail(f"mount {path}")


def mount_proc() -> None:
    """Mount /proc anew, to show the processes of this process's own namespace."""
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    if _libc.mount(b"proc", b"/proc", b"proc", flags, None) != 0:
        _fail("mount /proc")


def private_mounts() -> None:
    """Let no mount made from now on be seen outside this mount namespace."""
    if _libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None) != 0:
        _fail("make mounts private")


def become_nobody(keep_reading: bool = False) -> None:
    """Turn a process of root into one of user 65534 without groups or capabilities.

    Args:
        keep_reading: keep one capability, if there, to read files whatever their mode (for a
            Python installed in root's home), where something else limits which files.
    """
    drop_bounding_set()
    prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    prctl(_PR_SET_KEEPCAPS, 0)
    try:
        drop_capabilities(keep=_CAP_DAC_READ_SEARCH if keep_reading else 0)
    except OSError:  # the root of a container does not have it
        drop_capabilities()
    # Changing the user hides /proc/self from the process itself, where its maps are written.
    prctl(_PR_SET_DUMPABLE, 1)


def drop_bounding_set() -> None:
    """Give up the right to regain any capability by running a program."""
    capability = 0
    while _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) == 0:
        capability += 1


def drop_capabilities(keep: int = 0) -> None:
    """Give up every capability but those of the bit mask ``keep``."""
    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    low, high = keep & 0xFFFFFFFF, keep >> 32
    data = (ctypes.c_uint32 * 6)(low, low, 0, high, high, 0)
    if _libc.capset(header, data) != 0:
        _fail("capset")
