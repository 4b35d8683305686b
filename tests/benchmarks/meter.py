"""What a command costs, with all the processes it starts, however they end.

Processor time is the kernel's own account of a control group (version 2) into which the
command is put: nothing escapes it, neither a worker that was killed nor one that no parent
waited for. Where no such group can be made, the time of children that were waited for is
taken, and the table says so.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_MOUNTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
_PERIOD = 5.0


@dataclass
class Cost:
    """Of one command. ``memory`` holds (seconds since the start, bytes) of the whole tree."""

    cpu: float
    wall: float
    status: int
    output: bytes
    errors: bytes
    left: int
    """Processes that were still there a moment after the command had ended."""
    exact: bool
    """Whether ``cpu`` is the control group's."""
    memory: list[tuple[float, int]] = field(default_factory=list)

    @property
    def peak(self) -> int:
        """Largest proportional set size seen, summed over the tree, in bytes."""
        return max((size for _, size in self.memory), default=0)

    def check(self) -> Cost:
        """Raises RuntimeError, with what the command said, if it did not end well."""
        if self.status:
            raise RuntimeError(f"exit status {self.status}:\n{self.errors.decode()[-3000:]}")
        return self


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run ``command`` in ``folder`` and account for it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with _group() as group, _Sampler(group) as sampler:
        shell = ["sh", "-c", f'echo $$ > "{group}/cgroup.procs" && exec "$@"', "sh"]
        started = time.perf_counter()
        process = subprocess.Popen(
            [*(shell if group else []), *command],
            cwd=folder,
            env={**os.environ, "OMP_NUM_THREADS": "1", **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        sampler.root = process.pid
        output, errors = process.communicate()
        wall = time.perf_counter() - started
        sampler.stop()
        left = _left(group)
        cpu = _group_seconds(group) if group else 0.0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not group:
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(
        cpu, wall, process.returncode, output, errors, left, group is not None, sampler.seen
    )


@contextmanager
def _group() -> Iterator[Path | None]:
    """A control group of our own, inside the one we are in; None where that is not allowed."""
    name = f"speechmark-benchmark-{os.getpid()}-{time.monotonic_ns()}"
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    own = next((line[3:].lstrip("/") for line in lines if line.startswith("0::")), "")
    for mount in _MOUNTS:
        folder = mount / own / name
        try:
            if not (mount / "cgroup.controllers").exists():
                continue
            folder.mkdir()
        except OSError:
            continue
        try:
            yield folder
        finally:
            with contextlib.suppress(OSError):
                folder.rmdir()
        return
    yield None


def _group_seconds(group: Path) -> float:
    lines = (group / "cpu.stat").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("usage_usec")) / 1e6


def _members(group: Path | None) -> list[int]:
    if group is None:
        return []
    try:
        return [int(pid) for pid in (group / "cgroup.procs").read_text().split()]
    except OSError:
        return []


def _left(group: Path | None) -> int:
    """Processes that a moment later are still there; they are ended."""
    for _ in range(20):
        if not _members(group):
            return 0
        time.sleep(0.1)
    left = _members(group)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    return len(left)


class _Sampler:
    """Looks at the memory of the tree now and then, from outside of it."""

    def __init__(self, group: Path | None) -> None:
        self.root: int | None = None
        self.seen: list[tuple[float, int]] = []
        self._group = group
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Sampler:
        self._started = time.perf_counter()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_PERIOD):
            pids = _members(self._group) or ([self.root] if self.root else [])
            seconds = time.perf_counter() - self._started
            self.seen.append((seconds, sum(map(_proportional, pids))))


def _proportional(pid: int) -> int:
    """Bytes that a process holds, what it shares divided by those who share it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)
