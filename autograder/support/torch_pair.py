"""Do the installed torch and torchaudio load together? They are not released in step any more."""

from __future__ import annotations

import importlib
import importlib.metadata

from autograder.support.sentences import say

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
            absent = ", ".join(name for name, version in found.items() if version is None)
            return say("torch.absent", packages=absent, command=_INSTALL)
        why = _reason(error)
        cuda = "+cpu" in str(found["torch"]) or "cuda" in why.lower()
        facts = {**found, "why": why, "command": _INSTALL}
        return say("torch.unfit_cuda" if cuda else "torch.unfit", **facts)
    return ""


_INSTALL = "pip install " + " ".join(f"{name}=={version}" for name, version in KNOWN.items())


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
