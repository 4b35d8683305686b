"""A worker as the grader sees it: its process, its socket, what it has used, how it ended."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import replace

from autograder.isolation.messages import read_line
from autograder.isolation.process import Exit, SandboxError, Zygote, ZygoteGone
from autograder.support.closing import Closing

_FORK_SECONDS, _KILL_SECONDS = 30.0, 10.0


def cpu_clock(pid: int) -> float:
    """Seconds of processor time of another process (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def _state(stat: str) -> str:
    """What a thread is doing, a letter of proc(5)."""
    with open(stat, encoding="ascii", errors="replace") as file:
        return file.read().rpartition(") ")[2][:1]


def _readable(fd: int, timeout: float | None) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(None if timeout is None else timeout * 1000))


class Worker(Closing):
    """A confined process that runs the entry with the other end of :attr:`sock`.

    Whatever it does, :meth:`kill` ends it: it can start no other process. As a context
    manager it is killed at the end of the block.
    """

    def __init__(
        self, sock: socket.socket, status: socket.socket, pid: int, zygote: Zygote | None
    ) -> None:
        self.sock = sock
        """The job's socket: a connected stream, blocking."""
        self.pid = pid
        """The worker's process id as the grader sees it."""
        self._status = status
        # Unlike the number, the descriptor never comes to mean another process.
        self._pidfd = os.pidfd_open(pid)
        self._close_pidfd = weakref.finalize(self, os.close, self._pidfd)
        self._waiting = threading.Lock()
        self._exit: Exit | None = None
        self._zygote = zygote
        self._cpu_seen = 0.0
        # A worker that was the zygote has used time before it was one.
        self._cpu_before = cpu_clock(pid) if zygote is not None else 0.0

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._exit is None and not _readable(self._pidfd, 0)

    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far, or in all once it has ended."""
        if self.alive():
            with suppress(OSError):
                self._cpu_seen = cpu_clock(self.pid) - self._cpu_before
        else:
            self.wait(_KILL_SECONDS)
        return self._exit.cpu_seconds if self._exit is not None else self._cpu_seen

    def asleep(self) -> bool:
        """Whether no thread of it computes, or waits for a processor or for a disk."""
        folder = f"/proc/{self.pid}/task"
        try:
            states = [_state(f"{folder}/{thread}/stat") for thread in os.listdir(folder)]
        except OSError:
            return True  # it has ended, or this host hides it
        return not {"R", "D"}.intersection(states)

    def wait(self, timeout: float | None = None) -> Exit | None:
        """How it ended; None if it has not within ``timeout`` seconds (None: wait for ever)."""
        with self._waiting:
            if self._exit is None:
                self._exit = self._ending(timeout)
            return self._exit

    def _ending(self, timeout: float | None) -> Exit | None:
        if self._zygote is not None:
            ended = self._zygote.wait(timeout)
            return ended and replace(ended, cpu_seconds=ended.cpu_seconds - self._cpu_before)
        if not _readable(self._status.fileno(), timeout):
            return None
        report = None
        with suppress(OSError):
            report, _ = read_line(self._status)
        if report is None:
            # The zygote is gone, and it has taken its workers along.
            return Exit(-signal.SIGKILL, self._cpu_seen, reported=False)
        return Exit(report["exit"], report["cpu_seconds"], report["peak_bytes"])

    def kill(self) -> Exit:
        """End it now, if it has not ended, and tell how it ended."""
        if self.alive():
            self.cpu_seconds()
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self._exit = self.wait(_KILL_SECONDS) or Exit(-signal.SIGKILL, self._cpu_seen)
        return self._exit

    def close(self) -> None:
        """Kill it and close everything that belonged to it."""
        if self._status.fileno() < 0:
            return
        self.kill()
        self.sock.close()
        self._status.close()
        self._close_pidfd()
        if self._zygote is not None:
            self._zygote.close()


_UCRED = struct.Struct("3i")


def greet(status: socket.socket) -> int:
    """Wait until a new worker is confined; returns its process id as this process sees it.

    Raises:
        ZygoteGone: the zygote ended, and the worker with it.
        OSError: the worker alone ended.
        SandboxError: it could not be confined.
    """
    status.settimeout(_FORK_SECONDS)
    data, ancillary, _, _ = status.recvmsg(1 << 16, socket.CMSG_SPACE(_UCRED.size))
    status.settimeout(None)
    if not data:
        raise ZygoteGone("the zygote has ended")
    answer = json.loads(data)
    if "error" in answer:
        raise SandboxError(f"The sandbox made no worker: {answer['error']}")
    if "ready" not in answer:
        raise ConnectionResetError(f"the worker ended before it was ready: {answer}")
    status.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    return next(
        int(_UCRED.unpack(content)[0])
        for family, kind, content in ancillary
        if family == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS
    )
