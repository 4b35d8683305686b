"""The process that workers are forked from: warm, single-threaded, and inside the wall itself.

A zygote is started by :class:`autograder.isolation.sandbox.Sandbox` with an empty
environment and one Unix stream socket, on which lines of JSON pass:

- grader: its configuration (:class:`Config`), with a descriptor of the grader's process;
- zygote: ``{"ready": true, "nested": ...}`` once the warm-up modules are imported;
- grader, for each job: ``{"limits": ..., "entry": "module:function", "scratch": ...}`` with
  two sockets, the job's and the job's status.

On the status socket the new worker says ``{"ready": true}`` (the kernel adds its process
id), waits for a line, and calls the entry with the job's socket. When it has ended, the
zygote says there how. As soon as the grader is gone the zygote ends and its workers with it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from autograder.isolation import landlock, namespaces, seccomp
from autograder.isolation.limits import Limits, apply, mapped_bytes

_WORKER_NAMESPACES = (
    namespaces.CLONE_NEWNS
    | namespaces.CLONE_NEWIPC
    | namespaces.CLONE_NEWUTS
    | namespaces.CLONE_NEWNET
)


@dataclass(frozen=True)
class Config:
    """How a zygote confines its workers."""

    level: int
    nested: bool
    """Level 3: give every worker namespaces of its own; else the zygote becomes the worker."""
    roots: tuple[str, ...]
    """Folders from which the kit is imported."""
    sites: tuple[str, ...]
    """Folders of installed packages."""
    warm: tuple[str, ...]
    """``module`` to import or ``module:function`` to call before the first fork."""
    readable: tuple[str, ...]
    """Level 2: what Landlock leaves to read."""
    own_users: bool
    """Level 3: whether the zygote itself lives in a user namespace of its own."""


def send_line(sock: socket.socket, message: dict[str, Any], *fds: int) -> None:
    """Send one message, and descriptors with it."""
    data = json.dumps(message).encode() + b"\n"
    sent = socket.send_fds(sock, [data], fds) if fds else 0
    sock.sendall(data[sent:])


def read_line(sock: socket.socket, fds: int = 0) -> tuple[dict[str, Any] | None, list[int]]:
    """Receive one message and up to ``fds`` descriptors; None at the end of the stream."""
    data, received = b"", []
    while not data.endswith(b"\n"):
        chunk, more, _, _ = socket.recv_fds(sock, 1 << 16, fds)
        received += more
        if not chunk:
            return None, received
        data += chunk
    return json.loads(data), received


def main(control_fd: int) -> None:
    """Run a zygote on the control socket ``control_fd`` until the grader is gone."""
    control = socket.socket(fileno=control_fd)
    record, fds = read_line(control, fds=1)
    if record is None:
        return
    config = Config(**{k: tuple(v) if isinstance(v, list) else v for k, v in record.items()})
    sys.path[:] = [*config.roots, *sys.path, *config.sites]
    try:
        if config.level == 3 and os.geteuid() == 0:
            namespaces.become_nobody()
        if config.nested and not _can_nest():
            config = replace(config, nested=False)
        if config.nested:
            _lead_a_pid_namespace()
        for name in config.warm:
            _warm(name)
        if len(os.listdir("/proc/self/task")) > 1:
            raise RuntimeError("a warm-up module left a thread running, so a fork would hang")
    except BaseException as error:
        send_line(control, {"error": "".join(traceback.format_exception_only(error)).strip()})
        return
    # What lives now is not looked at by the collector again, so its pages stay shared.
    gc.collect()
    gc.freeze()
    send_line(control, {"ready": True, "nested": config.nested})
    _Nursery(control, fds[0], config).run()


def _warm(name: str) -> None:
    module, _, function = name.partition(":")
    imported = importlib.import_module(module)
    if function:
        getattr(imported, function)()


def _can_nest() -> bool:
    """Whether the host lets an unprivileged process here make all that a worker needs."""
    probe = os.fork()
    if probe == 0:
        code = 1
        with suppress(OSError):
            namespaces.new_user_namespace(namespaces.CLONE_NEWPID)
            _enter_worker_namespaces(scratch_bytes=1 << 20)
            code = 0
        os._exit(code)
    return os.waitpid(probe, 0)[1] == 0


def _lead_a_pid_namespace() -> None:
    """Become process 1 of a process namespace, with the right to make further ones."""
    namespaces.new_user_namespace(namespaces.CLONE_NEWPID)
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        os._exit(0)
    namespaces.die_with_parent()


class _Nursery:
    """Makes workers on request and tells how each ended."""

    def __init__(self, control: socket.socket, grader: int, config: Config) -> None:
        self._control = control
        self._grader = grader
        self._config = config
        self._single = config.level == 3 and not config.nested
        self._own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY) if config.nested else -1
        self._running: dict[int, tuple[int, socket.socket]] = {}
        self._poll = select.poll()
        for fd in (control.fileno(), grader):
            self._poll.register(fd, select.POLLIN)

    def run(self) -> None:
        """Serve until the grader's process or its end of the control socket is gone."""
        while True:
            for fd, _ in self._poll.poll():
                if fd in self._running:
                    self._report(fd)
                elif fd == self._grader or not self._serve():
                    for pid, _ in self._running.values():
                        os.kill(pid, signal.SIGKILL)
                    return

    def _serve(self) -> bool:
        request, fds = read_line(self._control, fds=2)
        if request is None:
            return False
        job, status = (socket.socket(fileno=fd) for fd in fds)
        try:
            pid = 0 if self._single else self._fork()
        except OSError as error:
            send_line(status, {"error": f"fork: {error}"})
            return True
        if pid == 0:
            self._forget()
            _become_worker(self._config, request, job, status)
        job.close()
        pidfd = os.pidfd_open(pid)
        self._running[pidfd] = (pid, status)
        self._poll.register(pidfd, select.POLLIN)
        return True

    def _fork(self) -> int:
        """Fork; when nested, so that the child is process 1 of a new process namespace."""
        if not self._config.nested:
            return os.fork()
        namespaces.unshare(namespaces.CLONE_NEWPID)
        pid = -1
        try:
            pid = os.fork()
        finally:
            if pid:
                namespaces.setns(self._own_pids, namespaces.CLONE_NEWPID)
        return pid

    def _forget(self) -> None:
        """In the child: let no object close a descriptor number that is used anew."""
        self._control.detach()
        for _, status in self._running.values():
            status.detach()
        self._running.clear()

    def _report(self, pidfd: int) -> None:
        self._poll.unregister(pidfd)
        pid, status = self._running.pop(pidfd)
        os.close(pidfd)
        _, code, usage = os.wait4(pid, 0)
        report = {
            "exit": os.waitstatus_to_exitcode(code),
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "peak_bytes": usage.ru_maxrss * 1024,
        }
        with status, suppress(OSError):
            send_line(status, report)


def _become_worker(
    config: Config, request: dict[str, Any], job: socket.socket, status: socket.socket
) -> NoReturn:
    code = 1
    try:
        _leave_open(job.fileno(), status.fileno())
        entry = _confine(config, request)
        send_line(status, {"ready": True})
        with status:
            told = read_line(status)[0]
        if told is not None:
            entry(job)
            code = 0
    except BaseException as error:
        with suppress(OSError):
            send_line(status, {"error": "".join(traceback.format_exception_only(error)).strip()})
    finally:
        os._exit(code)


def _leave_open(*fds: int) -> None:
    """Close every descriptor but ``fds``; standard input and output lead nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    edges = [2, *sorted(fds), os.sysconf("SC_OPEN_MAX")]
    for low, high in zip(edges, edges[1:], strict=False):
        os.closerange(low + 1, high)


def _confine(config: Config, request: dict[str, Any], scratch: str) -> Callable[..., None]:
    """Shut this process in for good; returns the entry to call."""
    limits = Limits.from_json(request["limits"])
    module, _, function = request["entry"].partition(":")
    entry: Callable[..., None] = getattr(importlib.import_module(module), function)
    mapped = mapped_bytes()
    if config.nested:
        _enter_worker_namespaces(limits.scratch_bytes)
    elif os.geteuid() == 0:
        namespaces.become_nobody(keep_reading=True)
        if all(os.access(path, os.R_OK) for path in config.readable):
            namespaces.drop_capabilities()
    if config.nested:
        namespaces.drop_bounding_set()
        namespaces.drop_capabilities()
    # After the change of user, which would undo it.
    namespaces.die_with_parent()
    os.chdir(scratch)
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), scratch))
    tempfile.tempdir = None
    apply(limits, mapped, counts_threads=config.counts_threads)
    if config.level >= 2 and landlock.version():
        landlock.restrict(config.readable, [*config.writable, scratch])
    if seccomp.available():
        seccomp.install()
    return entry


def _enter_worker_namespaces(scratch_bytes: int) -> None:
    """Leave the zygote's mounts, network and the rest; scratch is new, processes are unseen."""
    namespaces.new_user_namespace(_WORKER_NAMESPACES)
    namespaces.private_mounts()
    namespaces.mount_tmpfs(_SCRATCH, f"size={scratch_bytes},nr_inodes=16384,mode=0700")
    namespaces.mount_tmpfs("/proc", "size=4096,nr_inodes=1,mode=0555", read_only=True)
