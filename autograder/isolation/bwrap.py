"""What a worker can see of the disk, and the bubblewrap command that shows it nothing else."""

from __future__ import annotations

import glob
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.isolation.confine import SCRATCH

KIT = (
    "__init__.py",
    "lab",
    "isolation/__init__.py",
    "isolation/confine.py",
    "isolation/linux",
    "isolation/messages.py",
    "isolation/proof/__init__.py",
    "isolation/proof/attempts.py",
    "isolation/remote/__init__.py",
    "isolation/remote/tensors.py",
    "isolation/remote/training.py",
    "isolation/remote/wire.py",
    "isolation/remote/worker.py",
    "isolation/scratch.py",
    "isolation/zygote.py",
    "support/__init__.py",
    "support/sentences.py",
    "support/sentences.toml",
)
"""Files and folders of the package autograder that a worker may read."""

KIT_ROOT = "/kit"
"""Folder inside the wall from which the kit is imported."""

_SITES = "/site"
_SYSTEM = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib32", "/lib64")
_ETC = ("/etc/ld.so.cache", "/etc/alternatives")
_HUGE_PAGES = tuple(
    f"/sys/kernel/mm/transparent_hugepage/{name}" for name in ("enabled", "hpage_pmd_size")
)
"""Files of one word from which the C library learns whether to ask for huge pages, of what size."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
"""The devices that every worker has."""


@dataclass(frozen=True)
class Bind:
    """A host file or folder shown read-only at another path."""

    host: str
    inside: str


@dataclass(frozen=True)
class View:
    """What a worker is shown: the paths, and where Python finds its modules among them."""

    binds: tuple[Bind, ...]
    python: str
    roots: tuple[str, ...]
    """Where the kit's packages lie."""
    sites: tuple[str, ...]
    """Where installed packages lie."""

    @property
    def host_paths(self) -> list[str]:
        """The same paths for a worker that lives on the host's file system (Landlock)."""
        return [*_SYSTEM, *_ETC, *_HUGE_PAGES, *(b.host for b in self.binds)]


def view(extra: Iterable[Bind] = (), on_host: bool = False) -> View:
    """Python, its packages, the kit and ``extra``; with ``on_host`` all at their own paths."""
    executable = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    prefixes = dict.fromkeys((sys.base_prefix, sys.base_exec_prefix))
    libraries = [os.path.join(p, name) for p in prefixes for name in ("lib", sys.platlibdir)]
    python = [p for p in dict.fromkeys((executable, *libraries)) if not _covered(p, _SYSTEM)]
    binds = [Bind(p, p) for p in python if os.path.exists(p)]
    sites: list[str] = []
    for path in dict.fromkeys(sys.path):
        if os.path.basename(path) in ("site-packages", "dist-packages") and os.path.isdir(path):
            # The interpreter must lie where it was built to lie; its packages need not.
            covered = _covered(path, [*_SYSTEM, *python])
            sites.append(path if covered or on_host else f"{_SITES}/{len(sites)}")
            if not covered:
                binds.append(Bind(path, sites[-1]))
    binds += [Bind(b.host, b.host if on_host else b.inside) for b in _kit()]
    roots = _kit_roots() if on_host else [KIT_ROOT]
    return View((*binds, *extra), executable, tuple(roots), tuple(sites))


def _covered(path: str, folders: Iterable[str]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)


def _kit() -> list[Bind]:
    package, corpora = _package_folder(), _corpora_folder()
    binds = [
        Bind(str(package / name), f"{KIT_ROOT}/autograder/{name}")
        for name in KIT
        if (package / name).exists()
    ]
    if corpora is not None:
        binds.append(Bind(str(corpora), f"{KIT_ROOT}/{corpora.name}"))
    return binds


def _kit_roots() -> list[str]:
    folders = (_package_folder(), _corpora_folder())
    return list(dict.fromkeys(str(f.parent) for f in folders if f is not None))


def _package_folder() -> Path:
    return Path(__file__).resolve().parent.parent


def _corpora_folder() -> Path | None:
    found = importlib.util.find_spec("spoken_digits")
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations))).resolve()


def find() -> str | None:
    """Path of the bubblewrap program, None if it is not installed."""
    return shutil.which("bwrap", path=os.environ.get("PATH", "") + ":/usr/bin:/bin")


def command(
    program: str,
    shown: View,
    arguments: list[str],
    scratch_bytes: int,
    device: str = "cpu",
    dies_with_parent: bool = False,
) -> list[str]:
    """The bubblewrap command line that runs Python on ``arguments`` and shows it ``shown`` alone.

    Started as an ordinary user it makes a user namespace. Started as root it makes none,
    since one would keep host user id 0: what it runs must then become another user itself.

    Args:
        program: bubblewrap.
        shown: what can be read.
        arguments: of the Python interpreter.
        scratch_bytes: size of the writable folder.
        device: ``"cuda"`` shows the NVIDIA device files too.
        dies_with_parent: for what does not notice by itself that the grader is gone.
    """
    line = [program, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    line += ["--unshare-cgroup-try", "--hostname", "worker", "--as-pid-1"]
    if dies_with_parent:
        line += ["--die-with-parent"]
    if os.geteuid() != 0:
        line += ["--unshare-user"]
    made: set[str] = {"/"}

    def folder(path: str) -> list[str]:
        steps = []
        for parent in [*reversed(Path(path).parents), Path(path)]:
            if str(parent) not in made:
                made.add(str(parent))
                steps += ["--perms", "0755", "--dir", str(parent)]
        return steps

    for path in _SYSTEM:
        if os.path.islink(path):
            line += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            line += [*folder(os.path.dirname(path)), "--ro-bind", path, path]
    for path in (*_ETC, *_HUGE_PAGES):
        line += [*folder(os.path.dirname(path)), "--ro-bind-try", path, path]
    for bind in shown.binds:
        line += [*folder(os.path.dirname(bind.inside)), "--ro-bind", bind.host, bind.inside]
    line += folder("/dev")
    for path in [*DEVICES, *(_gpu_files() if device == "cuda" else [])]:
        line += [*folder(os.path.dirname(path)), "--dev-bind", path, path]
    line += ["--proc", "/proc"]
    line += ["--perms", "1777", "--size", str(scratch_bytes), "--tmpfs", SCRATCH]
    line += ["--remount-ro", "/", "--chdir", SCRATCH]
    for name, value in environment(SCRATCH).items():
        line += ["--setenv", name, value]
    return [*line, "--", shown.python, *arguments]


def environment(scratch: str) -> dict[str, str]:
    """The whole environment of a worker: nothing of the grader's, one thread per library."""
    threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    return {
        "HOME": scratch,
        "TMPDIR": scratch,
        "MPLCONFIGDIR": scratch,
        "MPLBACKEND": "agg",
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
        # There is no compiler inside: what asks for torch.compile runs as it is written.
        "TORCHDYNAMO_DISABLE": "1",
        **{f"{name}_NUM_THREADS": "1" for name in threads},
        **_keep_memory(),
    }


def _keep_memory() -> dict[str, str]:
    """Have the C library keep what a worker frees for what it allocates next, in huge pages.

    A training step frees and allocates the same hundreds of megabytes over and over, and to
    give them back each time costs 6 % of it in page faults; small pages, where the kernel has
    huge ones to be asked for, another 11 %. Earlier versions of glibc refuse
    so high a threshold and are the slower for the rest.
    """
    library, number = platform.libc_ver()
    if library != "glibc" or tuple(map(int, number.split(".")[:2])) < (2, 36):
        return {}
    return {
        "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
        "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
        "MALLOC_TOP_PAD_": str(64 << 20),
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    }


def _gpu_files() -> list[str]:
    return sorted(
        p
        for pattern in (
            "/dev/nvidia[0-9]*",
            "/dev/nvidiactl",
            "/dev/nvidia-uvm*",
            "/dev/nvidia-modeset",
        )
        for p in glob.glob(pattern)
    )
