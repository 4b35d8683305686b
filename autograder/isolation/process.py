"""The grader's handles on what runs behind the wall: a worker, and the zygote it came from."""

from __future__ import annotations

import json
import math
import os
import select
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import IO, Any

from autograder.isolation.confine import Config
from autograder.isolation.messages import read_line, send_line
from autograder.isolation.scratch import remove_scratch
from autograder.support import torch_pair
from autograder.support.closing import Closing
from autograder.support.errors import SpeechmarkError

_START_SECONDS, _FORK_SECONDS, _KILL_SECONDS = 120.0, 30.0, 10.0


class SandboxError(SpeechmarkError):
    """No worker could be had at the level asked for; the message says why."""


class ZygoteGone(ConnectionError):
    """The zygote has ended, and all its workers with it."""


@dataclass(frozen=True)
class Exit:
    """How a worker ended."""

    code: int
    """Exit code; minus the signal's number if a signal ended it."""
    cpu_seconds: float
    """Processor time of the whole worker."""
    peak_bytes: int | None = None
    """Largest resident size, None where it was not measured."""
    reported: bool = True
    """Whether anybody saw it end; if not, nothing is known but that it is gone."""

    @property
    def signal(self) -> signal.Signals | None:
        """The signal that ended it: SIGKILL from outside or at a limit, SIGSEGV, ..."""
        return signal.Signals(-self.code) if self.code < 0 else None


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


# A zygote asks the kernel to die with the thread that started it: one that never ends.
_spawner = ThreadPoolExecutor(1, "speechmark-spawner")


def _new_spawner() -> None:
    global _spawner
    _spawner = ThreadPoolExecutor(1, "speechmark-spawner")


os.register_at_fork(after_in_child=_new_spawner)


class Zygote:
    """A zygote's process and the grader's end of its control socket."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        config: Config,
        scratch_bytes: int,
    ) -> None:
        self.scratch_bytes = scratch_bytes
        """Size of its own writable folder, which a lone zygote's worker inherits."""
        self._scratch = config.scratch if config.level < 3 else None
        # Each message stays whole, also where several processes ask.
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        with theirs:
            start = partial(
                subprocess.Popen[bytes],
                [*command, "-c", _BOOT, config.roots[0], str(theirs.fileno())],
                env=environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
            self._process = _spawner.submit(start).result()
        grader = os.pidfd_open(os.getpid())
        with suppress(OSError):
            send_line(self._control, asdict(config), grader)
        os.close(grader)
        self._ready: dict[str, Any] | None = None
        self._exit: Exit | None = None

    def ready(self) -> dict[str, Any]:
        """Wait for the warm-up; returns what the zygote says of itself."""
        if self._ready is None:
            self._control.settimeout(_START_SECONDS)
            answer = None
            with suppress(OSError):
                answer, _ = read_line(self._control)
            if answer is None or "error" in answer:
                why = answer["error"] if answer else self._complaint()
                self.close()
                # What is missing on this side of the wall is missing inside, and is told better.
                raise SandboxError(torch_pair.problem() or f"The sandbox did not start: {why}")
            self._control.settimeout(None)
            self._ready = answer
        return self._ready

    def lend(self) -> socket.socket:
        """A control socket for a :class:`LentZygote` in another process."""
        return self._control.dup()

    def _complaint(self) -> str:
        self.wait(1.0)
        self._process.kill()
        self.wait(None)
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"it ended with code {self._process.returncode}"

    def request(self, message: dict[str, Any], *socks: socket.socket) -> None:
        """Ask for a worker; raises :class:`ZygoteGone`."""
        try:
            send_line(self._control, message, *(s.fileno() for s in socks))
        except OSError as error:
            raise ZygoteGone(str(error)) from error

    def wait(self, timeout: float | None) -> Exit | None:
        """How the process ended; None if it has not within ``timeout`` seconds."""
        end = math.inf if timeout is None else time.monotonic() + timeout
        pause = 0.001
        while self._exit is None:
            # wait4 rather than Popen.wait: it tells what the process has used.
            try:
                pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            except ChildProcessError:  # in a fork of the grader, whose child it is not
                self._exit = Exit(-signal.SIGKILL, 0.0)
                break
            if pid:
                code = self._process.returncode = os.waitstatus_to_exitcode(status)
                # Bubblewrap passes on the signal that ended its child as a shell does.
                code = 128 - code if code > 128 else code
                self._exit = Exit(code, usage.ru_utime + usage.ru_stime)
            elif time.monotonic() >= end:
                break
            else:
                time.sleep(pause)
                pause = min(2 * pause, 0.02)
        return self._exit

    def close(self) -> None:
        """Hang up, upon which the zygote ends and takes its workers along."""
        self._control.close()
        if self.wait(_KILL_SECONDS) is None:
            self._process.kill()
            self.wait(None)
        self._errors.close()
        if self._scratch is not None:
            remove_scratch(self._scratch)


class LentZygote(Zygote):
    """A zygote that another process has started, warmed and will end.

    Workers come from it as from one's own: it kills those whose asker is gone.
    """

    def __init__(self, control: socket.socket) -> None:
        self.scratch_bytes = 0
        self._control = control
        self._ready = {"nested": True}

    def close(self) -> None:
        """Ask it for nothing more."""
        self._control.close()


_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from autograder.isolation.zygote import main; main(int(sys.argv[2]))"
)


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
