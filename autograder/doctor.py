"""``speechmark doctor``: what this machine can do, and why not more."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from typing import Any

from rich.console import Console
from rich.table import Table

from autograder import __version__
from autograder.course.assignment import Course
from autograder.support import torch_pair
from autograder.support.console import unmarked
from autograder.support.errors import SpeechmarkError
from spoken_digits import available

_PACKAGES = ("torch", "torchaudio", "nbgrader", "numpy", "pytest")


def examine(brief: bool = False) -> dict[str, Any]:
    """Findings as plain values.

    Args:
        brief: leave out what starts a worker or loads torch: isolation and device.
    """
    findings: dict[str, Any] = {
        "speechmark": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "bwrap": shutil.which("bwrap"),
        "packages": {name: _version(name) for name in _PACKAGES},
        "corpora": {name: str(at) if at else None for name, at in available().items()},
        "course": _course(),
    }
    if not brief:
        problem = torch_pair.problem()
        findings["problems"] = [problem] if problem else []
        findings["isolation"] = _isolation()
        findings["device"] = _device()
    return findings


def show(findings: dict[str, Any], console: Console) -> None:
    """Print findings for a person."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")

    def row(name: str, value: object) -> None:
        table.add_row(name, unmarked(str(value)))

    row("speechmark", findings["speechmark"])
    row("python", f"{findings['python']} on {findings['system']}, {findings['cores']} cores")
    for name, version in findings["packages"].items():
        row(name, version or "not installed")
    for problem in findings.get("problems", []):
        row("PROBLEM", problem)
    row("course", findings["course"] or "none here: go to a course's folder")
    for name, at in findings["corpora"].items():
        row(f"corpus {name}", at or "not on this machine")
    if "device" in findings:
        row("device", findings["device"])
    if isolation := findings.get("isolation"):
        row("isolation", f"level {isolation['level']} (3 is the strongest)")
        for attempt, held in isolation["canaries"].items():
            row("", f"{'held ' if held else 'BROKE'}  {attempt}")
        for reason in isolation["reasons"]:
            row("", reason)
    console.print(table)


def _isolation() -> dict[str, Any]:
    from autograder.isolation.proof.canaries import prove
    from autograder.isolation.sandbox import best_level

    best, reasons = best_level()
    for level in range(best, 0, -1):
        try:
            proof = prove(level)
        except SpeechmarkError as error:
            reasons.append(f"level {level}: {error}")
        else:
            return {"level": proof.level, "canaries": dict(proof.held), "reasons": reasons}
    return {"level": 0, "canaries": {}, "reasons": reasons}


def _device() -> str:
    import torch

    if not torch.cuda.is_available():
        return "cpu"
    return f"cuda: {torch.cuda.get_device_name()}"


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _course() -> str | None:
    try:
        return str(Course.find().root)
    except SpeechmarkError:
        return None
