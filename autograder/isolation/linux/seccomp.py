"""A system call filter that a worker puts on itself: no programs, processes, sockets, tracing.

Classic BPF built here and installed with prctl(2) (see seccomp(2)). Our own, since libseccomp is
a C library that no package for Python brings along. Numbers come from the kernel's tables for
x86-64 and for 64-bit ARM. What is refused answers as a kernel without the call, or without the
permission, would: programs take their usual way out instead of dying.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

from autograder.isolation.linux import namespaces

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_PR_SET_SECCOMP, _PR_GET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 21, 2

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COLUMN = {"x86_64": 0, "aarch64": 1}

_NEWEST = 463
"""First call that this table has not weighed; from here on the kernel seems not to know it."""

_RLIMIT_CPU, _SIGKILL = 0, 9
_CLONE_THREAD = 0x00010000
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE_MASK = 1, 1, 0xF

REFUSED: dict[str, tuple[int | None, int | None]] = {
    # Programs and processes: what a worker starts could outlive it.
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    # Other processes: their memory, registers, descriptors, schedule.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "timer_create": (222, 107),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    # Sockets. One made before, or by socketpair, must not be pointed elsewhere.
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    # Memory and queues that limits do not count, or that other processes share.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "semctl": (66, 191),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # Locks on files that siblings read too: a bit at a time passes through them.
    "flock": (73, 32),
    # Modes, owners, times and attributes of files: Landlock governs none of them.
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    # Watching folders tells names that cannot be read.
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    # Keyrings belong to the user, not to the worker.
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # Namespaces and mounts.
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    # Files by handle, past every path check.
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # Parts of the kernel with a long record of ways in, of no use to homework.
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "vmsplice": (278, 75),
    "splice": (275, 76),
    "tee": (276, 77),
    "lookup_dcookie": (212, 18),
    "modify_ldt": (154, None),
    "personality": (135, 92),
    "uselib": (134, None),
    "ustat": (136, None),
    "sysfs": (139, None),
    "nfsservctl": (180, 42),
    # The machine.
    "acct": (163, 89),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "settimeofday": (164, 170),
    "delete_module": (176, 106),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "create_module": (174, None),
    "get_kernel_syms": (177, None),
    "query_module": (178, None),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "ioperm": (173, None),
    "iopl": (172, None),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "syslog": (103, 116),
    "vhangup": (153, 58),
}
"""Call: its number on x86-64 and on 64-bit ARM. All answer EPERM."""

WEIGHED: dict[str, tuple[int, int]] = {
    "clone": (56, 220),
    "clone3": (435, 435),
    "socketpair": (53, 199),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "prlimit64": (302, 261),
    "setrlimit": (160, 164),
    "ioctl": (16, 29),
    "fcntl": (72, 25),
    "prctl": (157, 167),
}
"""Calls whose answer hangs on their arguments: see :func:`program`."""

_SIGNALS = {"kill": 1, "tgkill": 2, "rt_sigqueueinfo": 1, "rt_tgsigqueueinfo": 2}
"""Calls that send a signal, and which argument is its number."""

_IOCTLS = (0x5412, 0x541C, 0x8901, 0x8902)
"""TIOCSTI and TIOCLINUX type into a terminal; FIOSETOWN and SIOCSPGRP aim signals."""
_FCNTLS = (0, 1, 2, 3, 4, 1030)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, and no other: leases stop a sibling
that opens the file, locks tell it a bit, owners and signals reach other processes."""
_PRCTLS = (1, 35)
"""PR_SET_PDEATHSIG, by which a worker dies with its parent, and PR_SET_MM."""

Instruction = tuple[int, int, int, int]


def available() -> bool:
    """Whether this kernel filters system calls and this machine's numbers are known."""
    if sys.platform != "linux" or platform.machine() not in _AUDIT:
        return False
    try:
        return namespaces.prctl(_PR_GET_SECCOMP) >= 0
    except OSError:
        return False


def program(machine: str, pid: int) -> list[Instruction]:
    """The filter for a process.

    Args:
        machine: ``"x86_64"`` or ``"aarch64"``.
        pid: the process, the only one it may signal or limit.

    Returns:
        BPF instructions (code, jump if true, jump if false, operand).
    """
    column = _COLUMN[machine]
    weighed = {name: numbers[column] for name, numbers in WEIGHED.items()}
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _AUDIT[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        # Also the x32 calls of x86-64, whose numbers start at 0x40000000.
        (_AT_LEAST, 0, 1, _NEWEST),
        _answer(errno.ENOSYS),
        # glibc then takes clone, whose flags a filter can read.
        (_EQUAL, 0, 1, weighed["clone3"]),
        _answer(errno.ENOSYS),
    ]
    for numbers in REFUSED.values():
        number = numbers[column]
        if number is not None:
            code += [(_EQUAL, 0, 1, number), _answer(errno.EPERM)]
    code += _when(weighed["clone"], [_argument(0), (_ANY_BIT, 1, 0, _CLONE_THREAD)])
    code += _when(
        weighed["socketpair"],
        [
            _argument(0),
            (_EQUAL, 0, 3, _AF_UNIX),
            _argument(1),
            (_AND, 0, 0, _SOCK_TYPE_MASK),
            (_EQUAL, 1, 0, _SOCK_STREAM),
        ],
    )
    # Nor may it seem that the host had killed it: by SIGKILL, or at a processor time of its own.
    for name, argument in _SIGNALS.items():
        of_its_own = [_argument(0), (_EQUAL, 0, 2, pid)]
        code += _when(weighed[name], [*of_its_own, _argument(argument), (_EQUAL, 0, 1, _SIGKILL)])
    code += _when(
        weighed["prlimit64"],
        [
            _argument(0),
            (_EQUAL, 1, 0, 0),
            (_EQUAL, 0, 6, pid),
            _argument(1),
            (_EQUAL, 0, 5, _RLIMIT_CPU),
            _argument(2),
            (_EQUAL, 0, 2, 0),
            (_LOAD, 0, 0, _ARGUMENTS + 8 * 2 + 4),
            (_EQUAL, 1, 0, 0),
        ],
    )
    code += _when(weighed["setrlimit"], [_argument(0), (_EQUAL, 0, 1, _RLIMIT_CPU)])
    code += _when(weighed["ioctl"], [_argument(1), *_none_of(_IOCTLS)])
    code += _when(weighed["fcntl"], [_argument(1), *_one_of(_FCNTLS)])
    code += _when(weighed["prctl"], [_argument(0), *_none_of(_PRCTLS)])
    return [*code, (_RETURN, 0, 0, _ALLOW)]


def _answer(number: int) -> Instruction:
    return (_RETURN, 0, 0, _ERRNO | number)


def _argument(index: int) -> Instruction:
    """Load the low half of an argument: all that the flags and ids compared here have."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)


def _none_of(values: tuple[int, ...]) -> list[Instruction]:
    """Fall to the refusal on any of ``values``, pass over it on none."""
    last = len(values) - 1
    return [(_EQUAL, last - i, 0 if i < last else 1, value) for i, value in enumerate(values)]


def _one_of(values: tuple[int, ...]) -> list[Instruction]:
    """Pass over the refusal on any of ``values``, fall to it on none."""
    return [(_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]


def _when(number: int, test: list[Instruction]) -> list[Instruction]:
    """On call ``number`` run ``test``, which ends before a refusal or one past it."""
    return [
        (_EQUAL, 0, len(test) + 2, number),
        *test,
        _answer(errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def install() -> None:
    """Filter this process, its threads and whatever it becomes, for good.

    Raises:
        OSError: the kernel refuses, or this machine's numbers are not known.
    """
    machine = platform.machine()
    if machine not in _AUDIT:
        raise OSError(errno.ENOSYS, f"no system call table for {machine}")
    code = b"".join(struct.pack("=HBBI", *step) for step in program(machine, os.getpid()))
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    pointer = ctypes.create_string_buffer(header, len(header))
    namespaces.no_new_privileges()
    namespaces.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(pointer))
