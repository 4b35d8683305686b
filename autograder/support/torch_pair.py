"""Do the installed torch and torchaudio load together? They are not released in step any more."""

from __future__ import annotations

import importlib
import importlib.metadata

KNOWN = {"torch": "2.14.1", "torchaudio": "2.11.1"}
"""A pair that loads, the one that constraints.txt names and calibrations are made with."""


def problem() -> str:
    """What is wrong with the pair and what to do about it, in a sentence; empty if it loads."""
    try:
        importlib.import_module("torch")
        importlib.import_module("torchaudio")
    except (ImportError, OSError) as error:
        found = {name: _version(name) for name in KNOWN}
        if None in found.values():
            absent = " and ".join(name for name, version in found.items() if version is None)
            return f"{absent} is not installed. {_ADVICE}"
        why = _reason(error)
        if "+cpu" in str(found["torch"]) or "cuda" in why.lower():
            why += " (torchaudio from the package index needs a torch that is built with CUDA)"
        return (
            f"torchaudio {found['torchaudio']} does not load with torch {found['torch']}: {why}. "
            f"{_ADVICE}"
        )
    return ""


_ADVICE = "Install a pair that fits: pip install " + " ".join(f"{n}=={v}" for n, v in KNOWN.items())


def _reason(error: BaseException) -> str:
    """The first cause of an import that failed: torch wraps what the dynamic linker says."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = str(error).strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else type(error).__name__


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
