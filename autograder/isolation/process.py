"""A zygote as the grader sees it: its process, its control socket, how it ended."""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from typing import IO, Any

from autograder.isolation.confine import Config
from autograder.isolation.messages import read_line, send_line
from autograder.isolation.scratch import remove_scratch
from autograder.support import torch_pair
from autograder.support.errors import SpeechmarkError

_START_SECONDS, _KILL_SECONDS = 120.0, 10.0


class SandboxError(SpeechmarkError):
    """No worker could be had at the level asked for; the message says why."""


class ZygoteGone(ConnectionError):
    """The zygote has ended, and all its workers with it."""


@dataclass(frozen=True)
class Exit:
    """How a worker, or a zygote, ended."""

    code: int
    """Exit code; minus the signal's number if a signal ended it."""
    cpu_seconds: float
    """Processor time of the whole process."""
    peak_bytes: int | None = None
    """Largest resident size, None where it was not measured."""
    reported: bool = True
    """Whether anybody saw it end; if not, nothing is known but that it is gone."""

    @property
    def signal(self) -> signal.Signals | None:
        """The signal that ended it: SIGKILL from outside or at a limit, SIGSEGV, ..."""
        return signal.Signals(-self.code) if self.code < 0 else None


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
