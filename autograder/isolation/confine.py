"""How a worker shuts itself in, just before it meets a student's code."""

from __future__ import annotations

import importlib
import math
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.isolation.linux import landlock, namespaces, seccomp
from autograder.isolation.linux.limits import Limits, apply, mapped_bytes

SCRATCH = "/tmp"
"""At level 3, the one folder inside the wall where a worker may write."""

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
    """What Landlock leaves to read, as this process sees it."""
    writable: tuple[str, ...]
    """What Landlock leaves to write besides the scratch folder: devices."""
    scratch: str
    """Where a worker writes: at level 3 what is mounted anew, else where its folder is made."""
    planted: tuple[str, ...] = ()
    """Files that scratch holds a copy of during the warm-up, such as a cache of a library's."""
    counts_threads: bool = False
    """Whether the kernel counts a worker's threads apart; the zygote finds out."""


def confine(config: Config, request: dict[str, Any], scratch: str) -> Callable[..., None]:
    """Shut this process in for good; returns the entry to call."""
    limits = Limits.from_json(request["limits"])
    module, _, function = request["entry"].partition(":")
    entry: Callable[..., None] = getattr(importlib.import_module(module), function)
    mapped = mapped_bytes()
    if config.nested:
        enter_worker_namespaces(limits.scratch_bytes)
    elif os.geteuid() == 0:
        namespaces.become_nobody(keep_reading=True)
        if all(os.access(p, os.R_OK) for p in config.readable if os.path.exists(p)):
            namespaces.drop_capabilities()
    if config.nested:
        namespaces.drop_bounding_set()
        namespaces.drop_capabilities()
    # After the change of user, which would undo it.
    namespaces.die_with_parent()
    namespaces.no_new_privileges()
    os.chdir(scratch)
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), scratch))
    tempfile.tempdir = None
    spent = math.ceil(time.process_time())
    apply(limits, mapped, spent, config.counts_threads)
    if config.level >= 2 and landlock.version():
        landlock.restrict(config.readable, [*config.writable, scratch])
    if seccomp.available():
        seccomp.install()
    return entry


def enter_worker_namespaces(scratch_bytes: int) -> None:
    """Leave the zygote's mounts, network and the rest; scratch is new, processes are unseen."""
    namespaces.new_user_namespace(_WORKER_NAMESPACES)
    namespaces.private_mounts()
    namespaces.mount_tmpfs(SCRATCH, f"size={scratch_bytes},nr_inodes=16384,mode=0700")
    namespaces.mount_tmpfs("/proc", "size=4096,nr_inodes=1,mode=0555", read_only=True)
