"""Fresh, warm, confined Python processes, each at the end of a socket.

A :class:`Sandbox` keeps one warm process, the zygote (:mod:`.zygote`), and forks a worker
from it for each job::

    with Sandbox(level=3) as sandbox, sandbox.fork(Limits(cpu_seconds=60)) as worker:
        worker.sock.sendall(...)

=====  ==========================================================================
level  what stands between a worker and the grader
=====  ==========================================================================
3      bubblewrap, namespaces and mounts of the worker's own, Landlock where the
       kernel has it, the system call filter, limits
2      Landlock, the system call filter, limits
1      limits; the system call filter where the kernel has it
=====  ==========================================================================

On ``device="cuda"`` level 3 shows the NVIDIA device files, leaves address space uncapped and
starts one bubblewrap per job. It could not be tried on a machine with a GPU yet.
"""

from __future__ import annotations

import json
import math
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from weakref import WeakSet

from autograder.errors import SpeechmarkError
from autograder.isolation import bwrap, landlock, seccomp
from autograder.isolation.bwrap import Bind
from autograder.isolation.limits import Limits
from autograder.isolation.zygote import SCRATCH, Config, read_line, send_line

WARM = ("numpy", "torch", "torchaudio", "autograder.lab.student")
"""What a zygote imports before the first fork."""

ENTRY = "autograder.isolation.worker:serve"
"""What a worker calls with its end of the job's socket."""

_START_SECONDS, _FORK_SECONDS, _KILL_SECONDS = 120.0, 30.0, 10.0


class SandboxError(SpeechmarkError):
    """No worker could be had at the level asked for; the message says why."""


@dataclass(frozen=True)
class Exit:
    """How a worker ended."""

    code: int
    """Exit code; minus the signal's number if a signal ended it."""
    cpu_seconds: float
    """Processor time of the whole worker."""
    peak_bytes: int | None = None
    """Largest resident size, None where it was not measured."""

    @property
    def signal(self) -> signal.Signals | None:
        """The signal that ended it: SIGKILL from outside or at a limit, SIGSEGV, ..."""
        return signal.Signals(-self.code) if self.code < 0 else None


def _cpu_clock(pid: int) -> float:
    """Seconds of processor time of another process (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


class Worker:
    """A confined process that runs the entry with the other end of :attr:`sock`.

    Whatever it does, :meth:`kill` ends it: it can start no other process. As a context
    manager it is killed at the end of the block.
    """

    def __init__(
        self, sock: socket.socket, status: socket.socket, pid: int, zygote: _Zygote | None
    ) -> None:
        self.sock = sock
        """The job's socket: a connected stream, blocking."""
        self.pid = pid
        """The worker's process id as the grader sees it."""
        self._status = status
        # Unlike the number, the descriptor never comes to mean another process.
        self._pidfd = os.pidfd_open(pid)
        self._waiting = threading.Lock()
        self._exit: Exit | None = None
        self._zygote = zygote
        self._cpu_seen = 0.0
        # A worker that was the zygote has used time before it was one.
        self._cpu_before = _cpu_clock(pid)

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._exit is None and not select.select([self._pidfd], [], [], 0)[0]

    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far, or in all once it has ended."""
        if self.alive():
            with suppress(OSError):
                self._cpu_seen = _cpu_clock(self.pid) - self._cpu_before
        else:
            self.wait(_KILL_SECONDS)
        return self._exit.cpu_seconds if self._exit is not None else self._cpu_seen

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
        if not select.select([self._status], [], [], timeout)[0]:
            return None
        report = None
        with suppress(OSError):
            report, _ = read_line(self._status)
        if report is None:
            # The zygote is gone, and it has taken its workers along.
            return Exit(-signal.SIGKILL, self._cpu_seen)
        return Exit(report["exit"], report["cpu_seconds"], report["peak_bytes"])

    def kill(self) -> Exit:
        """End it now, if it has not ended, and tell how it ended."""
        if self.alive():
            self.cpu_seconds()
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        return self.wait(_KILL_SECONDS) or Exit(-signal.SIGKILL, self._cpu_seen)

    def close(self) -> None:
        """Kill it and close everything that belonged to it."""
        if self._status.fileno() < 0:
            return
        self.kill()
        self.sock.close()
        self._status.close()
        os.close(self._pidfd)
        if self._zygote is not None:
            self._zygote.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


# A zygote asks the kernel to die with the thread that started it: one that never ends.
_spawner = ThreadPoolExecutor(1, "speechmark-spawner")


def _new_spawner() -> None:
    global _spawner
    _spawner = ThreadPoolExecutor(1, "speechmark-spawner")


os.register_at_fork(after_in_child=_new_spawner)


class _Zygote:
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
        self._control, theirs = socket.socketpair()
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
                raise SandboxError(f"The sandbox did not start: {why}")
            self._ready = answer
        return self._ready

    def _complaint(self) -> str:
        self.wait(1.0)
        self._process.kill()
        self.wait(None)
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"it ended with code {self._process.returncode}"

    def request(self, message: dict[str, Any], *socks: socket.socket) -> None:
        """Ask for a worker; raises OSError if the zygote is gone."""
        send_line(self._control, message, *(s.fileno() for s in socks))

    def wait(self, timeout: float | None) -> Exit | None:
        """How the process ended; None if it has not within ``timeout`` seconds."""
        end = math.inf if timeout is None else time.monotonic() + timeout
        pause = 0.001
        while self._exit is None:
            # wait4 rather than Popen.wait: it tells what the process has used.
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
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
        if self._ready is None or self.wait(_KILL_SECONDS) is None:
            self._process.kill()
            self.wait(None)
        self._errors.close()


_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from autograder.isolation.zygote import main; main(int(sys.argv[2]))"
)


class Sandbox:
    """Makes workers at one level of isolation; safe to use from several threads.

    Args:
        level: 3, 2 or 1 (see the module's text).
        binds: more files and folders to show read-only; see :meth:`seen`.
        device: ``"cpu"`` or ``"cuda"``.
        warm: ``module`` to import or ``module:function`` to call before the first fork.
        entry: ``module:function``, called in the worker with the job's socket.
        nested: level 3: fork workers into namespaces of their own. Where the host refuses, or
            if false, each job gets a bubblewrap and a warm-up of its own: as tight, slower.

    Raises:
        SandboxError: the host does not offer the level, or the warm-up failed.
    """

    def __init__(
        self,
        level: int = 3,
        *,
        binds: Iterable[Bind] = (),
        device: str = "cpu",
        warm: Iterable[str] = WARM,
        entry: str = ENTRY,
        nested: bool = True,
    ) -> None:
        self.level = level
        self.entry = entry
        self.device = device
        self._view = bwrap.view(binds, on_host=level < 3)
        self._warm = tuple(warm)
        self._nested = nested and level == 3 and device == "cpu"
        self._lock = threading.Lock()
        self._workers: WeakSet[Worker] = WeakSet()
        self._zygote: _Zygote | None = None
        why = unavailable(level)
        if not why and level == 2 and device == "cuda":
            why = "a GPU needs /proc, which Landlock takes away"
        if why:
            raise SandboxError(f"Isolation level {level} is not to be had here: {why}.")
        self._bwrap = bwrap.find() or ""
        self._zygote = self._start()

    def _start(self, scratch_bytes: int = Limits.scratch_bytes) -> _Zygote:
        shown, python = self._view, ["-I", "-S", "-B"]
        if self.level == 3:
            readable, writable = ["/"], ["/dev"]
            command = bwrap.command(self._bwrap, shown, python, scratch_bytes, self.device)
            environment = {}
        else:
            readable, writable = [*shown.host_paths, *bwrap.DEVICES], ["/dev/null"]
            command = [shown.python, *python]
            environment = bwrap.environment(tempfile.gettempdir())
        config = Config(
            level=self.level,
            nested=self._nested,
            roots=shown.roots,
            sites=shown.sites,
            warm=self._warm,
            readable=tuple(readable),
            writable=tuple(writable),
        )
        return _Zygote(command, environment, config, scratch_bytes)

    def seen(self, bind: Bind) -> str:
        """The path at which a worker finds ``bind``: below level 3 the host's own."""
        return bind.inside if self.level == 3 else bind.host

    def fork(self, limits: Limits | None = None, entry: str | None = None) -> Worker:
        """A fresh worker, confined and connected; a zygote that died is replaced.

        Args:
            limits: what the worker may use.
            entry: ``module:function`` to call instead of the sandbox's entry.

        Raises:
            SandboxError: no worker could be made.
        """
        limits = limits or Limits()
        if self.device == "cuda":
            limits = replace(limits, cuda=True)
        message = {"limits": limits.to_json(), "entry": entry or self.entry}
        try:
            return self._fork(message)
        except OSError:
            with self._lock:
                if self._zygote is not None:
                    self._zygote.close()
                self._zygote = None
        try:
            return self._fork(message)
        except OSError as error:
            raise SandboxError(f"The sandbox made no worker: {error}") from error

    def _fork(self, message: dict[str, Any]) -> Worker:
        job, their_job = socket.socketpair()
        status, their_status = socket.socketpair()
        try:
            status.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            with their_job, their_status, self._lock:
                zygote = self._zygote = self._zygote or self._start()
                lone = not zygote.ready()["nested"] and self.level == 3
                if lone and zygote.scratch_bytes != message["limits"]["scratch_bytes"]:
                    zygote.close()
                    zygote = self._zygote = self._start(message["limits"]["scratch_bytes"])
                    zygote.ready()
                zygote.request(message, their_job, their_status)
                if lone:
                    self._zygote = self._start(zygote.scratch_bytes)
            pid = _greet(status)
            worker = Worker(job, status, pid, zygote if lone else None)
            self._workers.add(worker)
            # The worker waits for this line, so until here its process id was surely its own.
            send_line(status, {"go": True})
        except BaseException:
            job.close()
            status.close()
            raise
        return worker

    def close(self) -> None:
        """End the zygote and every worker it made."""
        with self._lock:
            for worker in list(self._workers):
                worker.close()
            if self._zygote is not None:
                self._zygote.close()
            self._zygote = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


_UCRED = struct.Struct("3i")


def _greet(status: socket.socket) -> int:
    """Wait until a new worker is confined; returns its process id as this process sees it.

    Raises:
        OSError: it ended instead.
        SandboxError: it could not be confined.
    """
    status.settimeout(_FORK_SECONDS)
    data, ancillary, _, _ = status.recvmsg(1 << 16, socket.CMSG_SPACE(_UCRED.size))
    status.settimeout(None)
    if not data:
        raise ConnectionResetError("the worker ended before it was ready")
    answer = json.loads(data)
    if "error" in answer:
        raise SandboxError(f"The sandbox made no worker: {answer['error']}")
    status.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    return next(
        int(_UCRED.unpack(content)[0])
        for family, kind, content in ancillary
        if family == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS
    )


def unavailable(level: int) -> str:
    """Why this host does not offer ``level``; an empty string if it does."""
    if level not in (1, 2, 3):
        return "there are levels 1, 2 and 3"
    if sys.platform != "linux":
        return f"workers are Linux processes, and this is {sys.platform}"
    if level == 1:
        return ""
    if not seccomp.available():
        return "the kernel does not filter system calls (seccomp)"
    if level == 2:
        return "" if landlock.version() else "the kernel has no Landlock, or it is switched off"
    program = bwrap.find()
    if program is None:
        return "bubblewrap (bwrap) is not installed"
    if Path(sys.base_prefix).is_relative_to(SCRATCH):
        return f"Python is installed under {SCRATCH}, which is private to each worker"
    trial = bwrap.command(program, bwrap.view(), ["-I", "-S", "-c", ""], 1 << 20)
    done = subprocess.run(trial, env={}, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip() or "bubblewrap failed"


def best_level() -> tuple[int, list[str]]:
    """The highest level this host offers (0: none), and why not each higher one."""
    reasons: list[str] = []
    for level in (3, 2, 1):
        why = unavailable(level)
        if not why:
            return level, reasons
        reasons.append(f"level {level}: {why}")
    return 0, reasons
