"""The wheel that students install: the product without anything that assignments keep secret."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import autograder
from autograder.support.errors import SpeechmarkError

_SOURCE = Path(autograder.__file__).resolve().parents[1]
_FILES = ("pyproject.toml", "README.md", "LICENSE")
_PACKAGES = ("autograder", "datasets/spoken_digits")

_LEFT_OUT = shutil.ignore_patterns("__pycache__", "template")
"""What ``speechmark new`` writes comes with a solution and a hidden suite of its own."""

_BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
_DATE = "946684800"
"""Of every file in the wheel, in seconds since 1970, so that equal wheels are equal files."""


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this product into ``folder``; twice the same to the byte.

    Raises:
        SpeechmarkError: the product is not installed from its source, or does not build.
    """
    if not (_SOURCE / "pyproject.toml").is_file():
        raise SpeechmarkError(
            "A wheel is built from the product's source, and this speechmark was installed "
            "without it. Name a wheel that is built already: speechmark kit --wheel FILE"
        )
    with tempfile.TemporaryDirectory(prefix="speechmark-wheel-") as name:
        copy, made = Path(name) / "source", Path(name) / "made"
        made.mkdir()
        for package in _PACKAGES:
            shutil.copytree(_SOURCE / package, copy / package, ignore=_LEFT_OUT)
        for file in _FILES:
            shutil.copyfile(_SOURCE / file, copy / file)
        for path in copy.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        done = subprocess.run(
            [sys.executable, "-c", _BUILD, str(made)],
            cwd=copy,
            env={**os.environ, "SOURCE_DATE_EPOCH": _DATE, "PYTHONPATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        wheels = list(made.glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            raise SpeechmarkError(f"The wheel was not built:\n{done.stderr.strip()[-2000:]}")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(wheels[0], folder / wheels[0].name))


if __name__ == "__main__":
    print(build_wheel(Path(sys.argv[1])))
