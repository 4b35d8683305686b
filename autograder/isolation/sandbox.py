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

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakSet

from autograder.isolation import bwrap
from autograder.isolation.bwrap import Bind
from autograder.isolation.confine import SCRATCH, Config
from autograder.isolation.linux import landlock, seccomp
from autograder.isolation.linux.limits import Limits
from autograder.isolation.messages import send_line
from autograder.isolation.process import Exit, LentZygote, SandboxError, Zygote, ZygoteGone
from autograder.isolation.worker import Worker, greet
from autograder.support.closing import Closing

__all__ = ["Exit", "Sandbox", "SandboxError", "Worker", "best_level", "unavailable"]

WARM = (
    "numpy",
    "torch",
    # Asked for the first time by a worker, from whom /proc/cpuinfo is hidden, torch would take
    # the processor for the plainest of its kind: a third more time for a training step.
    "torch.backends.cpu:get_cpu_capability",
    "torchaudio",
    # torch imports these, a second of processor time, at the first backward and optimizer.
    "torch.fx.experimental.symbolic_shapes",
    "torch._dynamo",
    "autograder.lab.testing.student",
)
"""What a zygote imports before the first fork."""

ENTRY = "autograder.isolation.remote.worker:serve"
"""What a worker calls with its end of the job's socket."""


class Sandbox(Closing):
    """Makes workers at one level of isolation; safe to use from several threads.

    Args:
        level: 3, 2 or 1 (see the module's text).
        binds: more files and folders to show read-only; see :meth:`seen`.
        planted: files to copy to where the warm-up finds its home and its caches.
        device: ``"cpu"`` or ``"cuda"``.
        warm: ``module`` to import or ``module:function`` to call before the first fork.
        entry: ``module:function``, called in the worker with the job's socket; its module is
            imported before the first fork too.
        nested: level 3: fork workers into namespaces of their own. Where the host refuses, or
            if false, each job gets a bubblewrap and a warm-up of its own: as tight, slower.
        lent: another process's warm zygote, from :meth:`lend`; one of its own replaces it
            should it die.

    Raises:
        SandboxError: the host does not offer the level, or the warm-up failed.
    """

    def __init__(
        self,
        level: int = 3,
        *,
        binds: Iterable[Bind] = (),
        planted: Iterable[Path] = (),
        device: str = "cpu",
        warm: Iterable[str] = WARM,
        entry: str = ENTRY,
        nested: bool = True,
        lent: socket.socket | None = None,
    ) -> None:
        self.level = level
        self.entry = entry
        self.device = device
        shown = [Bind(str(path), f"/planted/{path.name}") for path in planted]
        self._view = bwrap.view([*binds, *shown], on_host=level < 3)
        self._planted = tuple(map(self.seen, shown))
        self._warm = (*warm, entry.partition(":")[0])
        self._nested = nested and level == 3 and device == "cpu"
        self._lock = threading.Lock()
        self._workers: WeakSet[Worker] = WeakSet()
        self._zygote: Zygote | None = None
        self._bwrap = bwrap.find() or ""
        if lent is not None:
            self._zygote = LentZygote(lent)
            return
        why = unavailable(level)
        if not why and level == 2 and device == "cuda":
            why = "a GPU needs /proc, which Landlock takes away"
        if why:
            raise SandboxError(f"Isolation level {level} is not to be had here: {why}.")
        self._zygote = self._start()

    def _start(self, scratch_bytes: int = Limits.scratch_bytes) -> Zygote:
        shown, python = self._view, ["-I", "-S", "-B"]
        if self.level == 3:
            readable, writable = ["/"], ["/dev"]
            scratch, environment = SCRATCH, {}
            command = bwrap.command(
                self._bwrap, shown, python, scratch_bytes, self.device, not self._nested
            )
        else:
            scratch = tempfile.mkdtemp(prefix="speechmark-")
            os.chmod(scratch, 0o711)
            readable, writable = [*shown.host_paths, *bwrap.DEVICES], ["/dev/null"]
            command = [shown.python, *python]
            environment = bwrap.environment(scratch)
        config = Config(
            level=self.level,
            nested=self._nested,
            roots=shown.roots,
            sites=shown.sites,
            warm=self._warm,
            readable=tuple(readable),
            writable=tuple(writable),
            scratch=scratch,
            planted=self._planted,
        )
        return Zygote(command, environment, config, scratch_bytes)

    def seen(self, bind: Bind) -> str:
        """The path at which a worker finds ``bind``: below level 3 the host's own."""
        return bind.inside if self.level == 3 else bind.host

    def lend(self) -> socket.socket | None:
        """A control socket of this sandbox's zygote, warm, for sandboxes of other processes.

        Returns:
            None where each worker needs a zygote of its own.

        Raises:
            SandboxError: the warm-up failed.
        """
        if self.level == 3 and not self._nested:
            return None
        with self._lock:
            zygote = self._zygote = self._zygote or self._start()
            lone = not zygote.ready()["nested"] and self.level == 3
            return None if lone else zygote.lend()

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
        for last in (False, True):
            zygote, lone = self._take(limits.scratch_bytes)
            try:
                return self._ask(zygote, message, lone)
            except OSError as error:
                if lone or isinstance(error, ZygoteGone):
                    self._retire(zygote)
                if last:
                    raise SandboxError(f"The sandbox made no worker: {error}") from error
        raise AssertionError("unreachable")

    def _take(self, scratch_bytes: int) -> tuple[Zygote, bool]:
        """A warm zygote, and whether it will itself become the worker."""
        with self._lock:
            zygote = self._zygote = self._zygote or self._start()
            lone = not zygote.ready()["nested"] and self.level == 3
            if lone:
                if self._nested or zygote.scratch_bytes != scratch_bytes:
                    self._nested = False  # the host refuses
                    zygote.close()
                    zygote = self._start(scratch_bytes)
                    zygote.ready()
                self._zygote = self._start(scratch_bytes)
            return zygote, lone

    def _ask(self, zygote: Zygote, message: dict[str, Any], lone: bool) -> Worker:
        job, their_job = socket.socketpair()
        status, their_status = socket.socketpair()
        try:
            status.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            with their_job, their_status, self._lock:
                zygote.request(message, their_job, their_status)
            worker = Worker(job, status, greet(status), zygote if lone else None)
            # The worker waits for this line, so until here its process id was surely its own.
            send_line(status, {"go": True})
        except BaseException:
            job.close()
            status.close()
            raise
        self._workers.add(worker)
        return worker

    def _retire(self, zygote: Zygote) -> None:
        with self._lock:
            zygote.close()
            if self._zygote is zygote:
                self._zygote = None

    def close(self) -> None:
        """End the zygote and every worker it made."""
        with self._lock:
            for worker in list(self._workers):
                worker.close()
            if self._zygote is not None:
                self._zygote.close()
            self._zygote = None


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
