"""What a worker may use: memory, processor time, files, threads (setrlimit, so no privilege)."""

from __future__ import annotations

import dataclasses
import os
import resource
import sys
from dataclasses import dataclass
from typing import Any

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one worker. Each is set inside the worker and can only be lowered there.

    Memory is counted on top of what the warm worker already maps, because the libraries
    of PyTorch alone map gigabytes. One worker is one process (see :mod:`.seccomp`), so
    ``memory_bytes + scratch_bytes`` bounds everything it can hold.
    """

    memory_bytes: int = 2048 * MEBIBYTE
    """Address space above the warm size; exceeding it is a MemoryError or torch's own error."""
    cpu_seconds: int = 600
    """Processor time of all threads; the kernel kills (SIGKILL) at the limit."""
    file_bytes: int = 64 * MEBIBYTE
    """Size of any one file."""
    scratch_bytes: int = 256 * MEBIBYTE
    """Size of the private folder for temporary files (enforced at level 3)."""
    threads: int = 64
    """Threads of the worker (enforced at level 3)."""
    open_files: int = 256
    """File descriptors."""
    cuda: bool = False
    """Whether the worker drives a GPU; CUDA reserves address space at will, so it goes uncapped."""

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Limits:
        return cls(**record)


def mapped_bytes() -> int:
    """Bytes of address space this process maps now; 0 where /proc does not tell."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def apply(limits: Limits, mapped: int, spent: int, counts_threads: bool) -> None:
    """Limit this process for good.

    Args:
        limits: what it may use.
        mapped: bytes of address space it maps already (:func:`mapped_bytes`).
        spent: seconds of processor time it has used already.
        counts_threads: whether the kernel counts this process's threads apart from those of
            other processes of the same user, as in a user namespace of its own.
    """
    cpu = spent + limits.cpu_seconds
    wanted = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_CPU: (cpu, cpu),
        resource.RLIMIT_FSIZE: (limits.file_bytes, limits.file_bytes),
        resource.RLIMIT_NOFILE: (limits.open_files, limits.open_files),
    }
    if mapped and not limits.cuda:
        budget = mapped + limits.memory_bytes
        wanted[resource.RLIMIT_AS] = (budget, budget)
    if counts_threads and _counts_by_namespace():
        wanted[resource.RLIMIT_NPROC] = (limits.threads, limits.threads)
    if sys.platform == "linux":
        wanted[resource.RLIMIT_MSGQUEUE] = (0, 0)
        wanted[resource.RLIMIT_MEMLOCK] = (0, 0)
    for kind, (soft, hard) in wanted.items():
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (soft, hard))


def _counts_by_namespace() -> bool:
    """Whether RLIMIT_NPROC counts within the user namespace (Linux 5.14), not over the host."""
    major, minor = (int("".join(filter(str.isdigit, n))) for n in os.uname().release.split(".")[:2])
    return (major, minor) >= (5, 14)
