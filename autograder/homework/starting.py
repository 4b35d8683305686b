"""The first cell of a notebook: whatever the machine, everything is there or it is said what to do.

The wheel may be on ``sys.path`` as a file and nothing be installed yet, so only the standard
library is imported.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import subprocess
import sys
import urllib.request
import warnings
import zipfile
from pathlib import Path

from autograder.homework import place
from autograder.lab.testing.validating import RELEASED
from autograder.notebooks.files import kit_file
from autograder.support.sentences import say

_KEPT = ("torch", "torchaudio", "numpy")
"""Packages that stay as they are where they are installed: another torch would be gigabytes."""

_OWN = ("autograder", "spoken_digits")


def start(name: str, release: int, address: str | None = None) -> None:
    """Install what is missing, find ``public/``, and say in a line that all is ready.

    Args:
        name: the assignment's.
        release: the version of the notebook.
        address: of the kit's zip, for a machine that has nothing but the notebook.
    """
    if wheel := _imported_from():
        if not place.own_environment():
            print(say("start.install", command=f"{sys.executable} -m pip install {wheel}"))
            return
        if not _install(wheel):
            return
        fresh = importlib.import_module("autograder.homework.starting")
        fresh.start(name, release, address)
        return
    place.remember_runs()
    # Progress is shown all the same; what tqdm says of widgets helps nobody here.
    warnings.filterwarnings("ignore", message="IProgress not found")
    if not Path("public").is_dir() and not _unpack(name, release, address):
        print(say("start.no_public", kit=kit_file(name, release)))
        return
    if (other := _release_of(Path("public", RELEASED))) != release:
        print(say("start.other_public", of=other or "?", notebook=release))
        return
    versions = {package: _version(package) for package in ("speechmark", "torch")}
    where = place.host() or say("start.own_machine")
    print(say("start.ready", name=name, release=release, where=where, **versions))


def _imported_from() -> Path | None:
    """The wheel that this module was imported from, if it is not installed."""
    wheel = Path(__file__).parents[2]
    return wheel if wheel.is_file() else None


def _install(wheel: Path) -> bool:
    """Install the wheel and what it needs, then let go of what was imported from the file."""
    print(say("start.installing"))
    there = [(package, _version(package)) for package in _KEPT]
    keep = [f"{package}=={version}" for package, version in there if version]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--progress-bar", "off"]
    done = subprocess.run(
        [*command, str(wheel), *keep], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(say("start.not_installed", why=done.stderr.strip()[-1500:]))
        return False
    sys.path[:] = [entry for entry in sys.path if Path(entry).absolute() != wheel.absolute()]
    for module in [m for m in sys.modules if m.partition(".")[0] in _OWN]:
        del sys.modules[module]
    importlib.invalidate_caches()
    return True


def _unpack(name: str, release: int, address: str | None) -> bool:
    """Put the kit's ``public/`` beside the notebook; False if there is no kit."""
    kit = next(iter(sorted(Path().glob(f"{name}-kit-*.zip"))), Path(kit_file(name, release)))
    if not kit.is_file():
        if address is None:
            return False
        urllib.request.urlretrieve(address, kit)
    with zipfile.ZipFile(kit) as opened:
        for entry in opened.namelist():
            folder, _, file = entry.rpartition("/")
            if folder == f"{name}/public" and file:
                Path("public").mkdir(exist_ok=True)
                Path("public", file).write_bytes(opened.read(entry))
    return Path("public").is_dir()


def _release_of(notebook: Path) -> int | None:
    try:
        raw = json.loads(notebook.read_text(encoding="utf-8"))
        return int(raw["metadata"]["speechmark"]["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
