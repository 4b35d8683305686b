"""The process that workers are forked from: warm, single-threaded, and inside the wall itself.

A zygote is started by :class:`autograder.isolation.sandbox.Sandbox` with an empty
environment and one Unix stream socket, on which lines of JSON pass:

- grader: its configuration (:class:`Config`), with a descriptor of the grader's process;
- zygote: ``{"ready": true, "nested": ...}`` once the warm-up modules are imported;
- grader, for each job: ``{"limits": ..., "entry": "module:function"}`` with two sockets, the
  job's and the job's status.

On the status socket the new worker says ``{"ready": true}`` (the kernel adds its process
id), waits for a line, and calls the entry with the job's socket. When it has ended, the
zygote says there how. As soon as the grader is gone the zygote ends and its workers with it.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import os
import select
import shutil
import signal
import site
import socket
import sys
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from autograder.isolation.confine import Config, confine, enter_worker_namespaces
from autograder.isolation.linux import hugepages, namespaces
from autograder.isolation.messages import read_line, send_line, tuples
from autograder.isolation.scratch import remove_scratch


def main(control_fd: int) -> None:
    """Run a zygote on the control socket ``control_fd`` until the grader is gone."""
    control = socket.socket(fileno=control_fd)
    record, fds = read_line(control, fds=1)
    if record is None:
        return
    config = Config(**tuples(record))
    sys.path[:] = [*config.roots, *sys.path[1:], *config.sites]
    try:
        _run(control, fds[0], config)
    finally:
        if config.level < 3:
            remove_scratch(config.scratch)


def _run(control: socket.socket, grader: int, config: Config) -> None:
    try:
        if config.level == 3:
            config = _settle(config)
        for path in config.planted:
            shutil.copy(path, config.scratch)
        for name in config.warm:
            if _hung_up(control):
                return
            _warm(name)
        if len(os.listdir("/proc/self/task")) > 1:
            raise RuntimeError("a warm-up module left a thread running, so a fork would hang")
    except BaseException as error:
        send_line(control, {"error": "".join(traceback.format_exception_only(error)).strip()})
        return
    # Notebooks have these, and a Python started without its module site has not.
    site.setquit()
    site.sethelper()
    # What lives now is not looked at by the collector again, so its pages stay shared.
    gc.collect()
    gc.freeze()
    hugepages.collapse()
    send_line(control, {"ready": True, "nested": config.nested})
    _Nursery(control, grader, config).run()


def _hung_up(control: socket.socket) -> bool:
    poll = select.poll()
    poll.register(control, 0)
    return bool(poll.poll(0))


def _warm(name: str) -> None:
    module, _, function = name.partition(":")
    imported = importlib.import_module(module)
    if function:
        getattr(imported, function)()


def _settle(config: Config) -> Config:
    """Level 3: become an ordinary user, and process 1 of a process namespace."""
    namespaces.die_with_parent()
    root = os.geteuid() == 0
    nested = config.nested and _can_nest()
    if root and not nested:
        _lead_a_pid_namespace(namespaces.CLONE_NEWPID | namespaces.CLONE_NEWNS)
        namespaces.private_mounts()
        namespaces.mount_proc()
    if root:
        namespaces.become_nobody()
    if nested:
        namespaces.new_user_namespace()
        _lead_a_pid_namespace(namespaces.CLONE_NEWPID)
    namespaces.die_with_parent()
    return replace(config, nested=nested, counts_threads=nested or not root)


def _can_nest() -> bool:
    """Whether the host lets an unprivileged process here make all that a worker needs."""
    probe = os.fork()
    if probe == 0:
        code = 1
        with suppress(OSError):
            if os.geteuid() == 0:
                namespaces.become_nobody()
            namespaces.new_user_namespace(namespaces.CLONE_NEWPID)
            enter_worker_namespaces(scratch_bytes=1 << 20)
            code = 0
        os._exit(code)
    return os.waitpid(probe, 0)[1] == 0


def _lead_a_pid_namespace(flags: int) -> None:
    """Go on as process 1 of a new process namespace.

    What was this process stays behind as its parent. Bubblewrap may kill that one, whose user
    it shares, when it cannot kill a process that has changed its user; all others die with it.
    """
    namespaces.unshare(flags)
    child = os.fork()
    if child:
        namespaces.drop_bounding_set()
        namespaces.drop_capabilities()
        namespaces.die_with_parent()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os._exit(code if code >= 0 else 128 - code)
    namespaces.die_with_parent()


@dataclass(frozen=True)
class _Running:
    """A worker's status socket and its folder for temporary files."""

    status: socket.socket
    scratch: str


class _Nursery:
    """Makes workers on request and tells how each ended."""

    def __init__(self, control: socket.socket, grader: int, config: Config) -> None:
        self._control = control
        self._config = config
        self._own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY) if config.nested else -1
        self._running: dict[int, _Running] = {}
        # A worker's end wakes the poll: Python's signal handler writes to this socket.
        self._ended, wakeup = socket.socketpair()
        for sock in (self._ended, wakeup):
            sock.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakeup.detach())
        self._poll = select.poll()
        for fd in (control.fileno(), self._ended.fileno(), grader):
            self._poll.register(fd, select.POLLIN)

    def run(self) -> None:
        """Serve until the grader's process or its end of the control socket is gone."""
        while True:
            # One event at a time: what handles it may close or reuse the others' descriptors.
            fd = self._poll.poll()[0][0]
            if fd == self._ended.fileno():
                self._ended.recv(4096)
                self._reap(os.WNOHANG)
            elif abandoned := [p for p, w in self._running.items() if w.status.fileno() == fd]:
                self._poll.unregister(fd)
                os.kill(abandoned[0], signal.SIGKILL)
            elif fd != self._control.fileno() or not self._serve():
                break
        for pid in self._running:
            os.kill(pid, signal.SIGKILL)
        self._reap(0)

    def _serve(self) -> bool:
        request, fds = read_line(self._control, fds=2)
        if request is None:
            return False
        job, status = (socket.socket(fileno=fd) for fd in fds)
        try:
            scratch = self._make_scratch()
            pid = self._fork()
        except OSError as error:
            send_line(status, {"error": f"no worker: {error}"})
            return True
        if pid == 0:
            self._forget()
            _become_worker(self._config, request, scratch, job, status)
        job.close()
        self._running[pid] = _Running(status, scratch)
        # No events but the hang-up that is always told: the worker reads this socket too.
        self._poll.register(status, 0)
        return True

    def _fork(self) -> int:
        """Fork. A nested child is process 1 of a new namespace; a lone zygote is the child."""
        if not self._config.nested:
            return 0 if self._config.level == 3 else os.fork()
        namespaces.unshare(namespaces.CLONE_NEWPID)
        pid = -1
        try:
            pid = os.fork()
        finally:
            if pid:
                namespaces.setns(self._own_pids, namespaces.CLONE_NEWPID)
        return pid

    def _make_scratch(self) -> str:
        if self._config.level == 3:
            return self._config.scratch
        scratch = tempfile.mkdtemp(dir=self._config.scratch)
        if os.geteuid() == 0:
            os.chown(scratch, namespaces.NOBODY, namespaces.NOBODY)
        return scratch

    def _forget(self) -> None:
        """In the child: let no object close a descriptor number that is used anew."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for sock in (self._control, self._ended, *(w.status for w in self._running.values())):
            sock.detach()
        self._running.clear()

    def _reap(self, options: int) -> None:
        """Tell how workers ended: those that have, or with options 0 wait for all."""
        while self._running:
            pid, code, usage = os.wait4(-1, options)
            if pid == 0:
                return
            worker = self._running.pop(pid, None)
            if worker is None:
                continue  # one that removed a folder
            with suppress(KeyError):
                self._poll.unregister(worker.status)
            report = {
                "exit": os.waitstatus_to_exitcode(code),
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
                "peak_bytes": usage.ru_maxrss * 1024,
            }
            # First the report: whatever the worker left behind may take long to remove.
            with worker.status, suppress(OSError):
                send_line(worker.status, report)
            if self._config.level < 3:
                self._remove(worker.scratch)

    def _remove(self, scratch: str) -> None:
        """Remove a worker's folder, without letting others wait for what it may be full of."""
        with suppress(OSError):
            os.rmdir(scratch)
            return
        if os.fork() == 0:
            try:
                namespaces.die_with_parent()
                self._forget()
                _leave_open()
                remove_scratch(scratch)
            finally:
                os._exit(0)


def _become_worker(
    config: Config,
    request: dict[str, Any],
    scratch: str,
    job: socket.socket,
    status: socket.socket,
) -> NoReturn:
    code = 1
    try:
        _leave_open(job.fileno(), status.fileno())
        entry = confine(config, request, scratch)
        send_line(status, {"ready": True})
        with status:
            go_ahead, _ = read_line(status)
        if go_ahead is not None:
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
    for low, high in itertools.pairwise(edges):
        os.closerange(low + 1, high)
