"""What a worker tries against the wall when the wall is proven (see :mod:`.canaries`).

This module runs inside. Each attempt is a function that returns when it got through and
raises when it was stopped; what it aims at is told by the grader.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from autograder.isolation.messages import read_line, send_line, tuples

FLOOD_BYTES = 1 << 20
"""Scratch size that the canary worker is given, and what it tries to exceed."""

_PTRACE_SEIZE, _CLONE_NEWUSER = 0x4206, 0x10000000
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Targets:
    """What the grader put within reach of an unconfined process."""

    processes: tuple[int, ...]
    """The grader, its zygote and a sibling worker, by the ids that the host gives them."""
    secrets: tuple[str, ...]
    """Files that must not be read."""
    folders: tuple[str, ...]
    """Folders that must not be written to."""
    sibling: str
    """A file in another worker's scratch folder, by the path that it has there."""
    token: str
    """What that file holds."""
    tcp: int
    udp: int
    unix: str
    abstract: str


class Stopped(Exception):
    """An attempt failed without an error of its own."""


def sibling(sock: socket.socket) -> None:
    """Entry of the worker that is attacked: keeps a file in scratch until the socket closes."""
    message, _ = read_line(sock)
    path = os.path.join(os.environ["HOME"], "sibling")
    with open(path, "w") as file:
        file.write(message["token"] if message else "")
    send_line(sock, {"path": path})
    sock.recv(1)


def attack(sock: socket.socket) -> None:
    """Entry of the worker that attacks: answers which attempts got through."""
    message, _ = read_line(sock)
    targets = Targets(**tuples(message or {}))
    send_line(sock, {name: _gets_through(attempt, targets) for name, attempt in ATTEMPTS.items()})


def obey(sock: socket.socket) -> None:
    """Entry that runs what it is told, as a student's cell could: for trying the wall by hand.

    For each ``{"run": source}`` it answers ``{"value": ...}``, what the source has left in the
    name ``value``, or ``{"error": "Kind: message"}``.
    """
    names: dict[str, Any] = {}
    while (message := read_line(sock)[0]) is not None:
        try:
            exec(message["run"], names)
            answer = {"value": names.get("value")}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        send_line(sock, answer)


def _gets_through(attempt: Callable[[Targets], Any], targets: Targets) -> bool:
    try:
        attempt(targets)
    except Exception:
        return False
    return True


def _any(attempts: Iterable[Callable[[], object]]) -> None:
    """Make attempts until one gets through."""
    for attempt in attempts:
        with suppress(Exception):
            attempt()
            return
    raise Stopped


def _others(targets: Targets) -> list[int]:
    """Ids of processes that are not this one, even where a namespace counts anew."""
    return [pid for pid in {*targets.processes, os.getppid()} if pid not in (0, os.getpid())]


def _check(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        data = file.read(64)
    if not data:
        raise Stopped
    return data


def read_secret(targets: Targets) -> None:
    routes = ["", *(f"/proc/{pid}/root" for pid in _others(targets)), "/proc/self/root"]
    _any(partial(_read, route + path) for path in targets.secrets for route in routes)


def stat_secret(targets: Targets) -> None:
    _any(partial(os.stat, path) for path in targets.secrets)


def read_environment(targets: Targets) -> None:
    _any(partial(_read, f"/proc/{pid}/environ") for pid in _others(targets))


def see_processes(targets: Targets) -> None:
    def listed() -> None:
        if not any(n.isdigit() and n != str(os.getpid()) for n in os.listdir("/proc")):
            raise Stopped

    _any([listed, *(partial(_read, f"/proc/{pid}/cmdline") for pid in _others(targets))])


def stat_processes(targets: Targets) -> None:
    _any(partial(os.stat, f"/proc/{pid}") for pid in _others(targets))


def signal_processes(targets: Targets) -> None:
    # SIGURG is ignored by default: it proves the way without doing harm.
    def by_descriptor(pid: int) -> None:
        signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGURG)

    def by_ownership(pid: int) -> None:
        ends = socket.socketpair()
        fcntl.fcntl(ends[0], fcntl.F_SETOWN, pid)

    def by_number(pid: int) -> None:
        os.kill(pid, signal.SIGURG)

    ways = (by_number, by_descriptor, by_ownership)
    _any(partial(way, pid) for pid in _others(targets) for way in ways)


def trace_processes(targets: Targets) -> None:
    def seize(pid: int) -> None:
        _check(_libc.ptrace(_PTRACE_SEIZE, pid, None, None))

    def memory(pid: int) -> None:
        with open(f"/proc/{pid}/mem", "rb"):
            pass

    _any(partial(way, pid) for pid in _others(targets) for way in (seize, memory))


def limit_processes(targets: Targets) -> None:
    _any(partial(resource.prlimit, pid, resource.RLIMIT_CORE) for pid in _others(targets))


def tcp(targets: Targets) -> None:
    socket.create_connection(("127.0.0.1", targets.tcp), timeout=1).close()


def udp(targets: Targets) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"canary", ("127.0.0.1", targets.udp))


def unix_socket(targets: Targets) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(targets.unix)


def abstract_socket(targets: Targets) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect("\0" + targets.abstract)


def vsock(targets: Targets) -> None:
    socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()


def netlink(targets: Targets) -> None:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()


def write_outside(targets: Targets) -> None:
    def write(folder: str) -> None:
        path = os.path.join(folder, f"canary-{os.getpid()}")
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL))
        os.unlink(path)

    scratch = os.environ["HOME"]
    _any(partial(write, folder) for folder in targets.folders if folder != scratch)


def read_sibling(targets: Targets) -> None:
    if _read(targets.sibling).decode() != targets.token:
        raise Stopped


def fill_disk(targets: Targets) -> None:
    for number in range(4):
        with open(os.path.join(os.environ["HOME"], f"flood{number}"), "wb") as file:
            file.write(bytes(FLOOD_BYTES))


def start_process(targets: Targets) -> None:
    def fork() -> None:
        if os.fork() == 0:
            os._exit(0)

    _any([fork, partial(os.posix_spawn, "/usr/bin/true", ["true"], {})])


def run_program(targets: Targets) -> None:
    # Of a file that is no program, execve says so only to those who may run programs.
    try:
        os.execv("/dev/null", ["null"])
    except OSError as error:
        if error.errno in (1, 38):
            raise


def gain_privileges(targets: Targets) -> None:
    _check(_libc.unshare(_CLONE_NEWUSER))


def hide_memory(targets: Targets) -> None:
    os.close(os.memfd_create("canary"))


def raise_limits(targets: Targets) -> None:
    for kind in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        soft, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY:
            return
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (soft, hard + 1))
            return
    raise Stopped


ATTEMPTS: dict[str, Callable[[Targets], None]] = {
    function.__name__: function
    for function in (
        read_secret,
        stat_secret,
        read_environment,
        see_processes,
        stat_processes,
        signal_processes,
        trace_processes,
        limit_processes,
        tcp,
        udp,
        unix_socket,
        abstract_socket,
        vsock,
        netlink,
        write_outside,
        read_sibling,
        fill_disk,
        start_process,
        run_program,
        gain_privileges,
        hide_memory,
        raise_limits,
    )
}
"""Every attempt by name, in the order they are made."""
