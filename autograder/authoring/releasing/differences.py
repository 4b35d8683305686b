"""What differs between two releases of an assignment, part by part, and for whom it matters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.course.releases import Package
from autograder.lab.testing.validating import RELEASED
from autograder.notebooks import Notebook, cells_of
from autograder.notebooks.files import kit_file

WORDS = {
    "text": "text",
    "cells": "cells and their ids",
    "stub": "stub",
    "checks": "public checks",
    "suite": "hidden suite",
    "points": "points",
    "contract": "what is asked",
    "bars": "bars",
    "run": "training run",
    "new": "new",
    "gone": "gone",
    "frame": "first and last cells",
}
"""What can change about a part or the training run, and what it is called."""

JUDGED = ("suite", "points", "contract", "bars", "run", "gone")
"""Changes after which an older notebook may get other points."""


@dataclass(frozen=True)
class Differences:
    """What has changed from an older release to a newer one."""

    assignment: str
    old: int
    new: int
    parts: dict[str, list[str]] = field(default_factory=dict)
    """Part to what changed about it, by keys of ``WORDS``."""
    whole: list[str] = field(default_factory=list)
    """What changed of the whole: keys of ``WORDS``, and other public files by name."""

    def __bool__(self) -> bool:
        return bool(self.parts or self.whole)

    @property
    def judged(self) -> dict[str, list[str]]:
        """Part to why an older notebook may get other points in it; ``""`` for the run."""
        every = {**self.parts, "": self.whole}
        found = {part: [c for c in changes if c in JUDGED] for part, changes in every.items()}
        return {part: changes for part, changes in found.items() if changes}

    def lines(self) -> list[str]:
        """In words, one line for each part."""
        if not self:
            return ["Nothing changed."]
        lines = [f"{part}: {_listed(changes)}" for part, changes in self.parts.items()]
        lines += [f"all: {_listed(self.whole)}"] if self.whole else []
        if not self.judged:
            return [*lines, f"A notebook of release {self.old} is judged the same."]
        where = "; ".join(f"{part or 'all'}: {_listed(c)}" for part, c in self.judged.items())
        return [*lines, f"A notebook of release {self.old} may be judged otherwise ({where})."]

    def as_json(self) -> dict[str, Any]:
        """Plain values, for scripts."""
        return {
            "assignment": self.assignment,
            "old": self.old,
            "new": self.new,
            "parts": self.parts,
            "whole": self.whole,
            "judged_the_same": not self.judged,
            "judged": self.judged,
        }


def compare(old: Package, new: Package) -> Differences:
    """What changed from ``old`` to ``new``; where a contract changed is what ``new`` declares."""
    parts: dict[str, list[str]] = {}
    whole: list[str] = []
    before, after = _sections(old.notebook), _sections(new.notebook)
    contract = new.manifest.outdated(old.manifest.version)
    for part in dict.fromkeys([*before, *after, *contract]):
        if part not in before or part not in after:
            changes = ["new" if part in after else "gone"]
        else:
            changes = [key for key in before[part] if before[part][key] != after[part][key]]
            checks = f"public/test_{part}.py"
            changes += ["checks"] if old.files.get(checks) != new.files.get(checks) else []
            suites = (old.manifest.suites.get(part), new.manifest.suites.get(part))
            changes += ["suite"] if suites[0] != suites[1] else []
            changes += ["contract"] if part in contract else []
        if changes and part:
            parts[part] = changes
        elif changes:
            whole += changes
    whole += ["frame"] if _frame(old) != _frame(new) else []
    whole += _of_the_run(old.files, new.files)
    known = {f"public/test_{part}.py" for part in {**before, **after}}
    known |= {"public/training.json", "public/training.py", f"public/{RELEASED}"}
    files = sorted({f for f in {**old.files, **new.files} if f.startswith("public/")} - known)
    wheels = [{file for file in kit.files if file.endswith(".whl")} for kit in (old, new)]
    files += sorted(wheels[0] | wheels[1]) if all(wheels) else []  # a release has none
    whole += [file for file in files if old.files.get(file) != new.files.get(file)]
    names = (old.manifest.version, new.manifest.version)
    return Differences(new.manifest.assignment, *names, parts, whole)


def _sections(notebook: Notebook) -> dict[str, dict[str, Any]]:
    """Part to its text, cells' ids, stub and points; ``""`` for what comes after the last part.

    A part's text is all that stands between the graded cell before and its own.
    """
    sections: dict[str, dict[str, Any]] = {}
    text: list[str] = []
    ids: list[str] = []
    stub = ""
    for cell in cells_of(notebook):
        if cell.raw["id"].startswith("speechmark-"):
            continue
        if cell.marks.grade:
            part, points = cell.marks.grade_id, cell.marks.points
            sections[part] = {"text": text, "cells": ids, "stub": stub, "points": points}
            text, ids, stub = [], [], ""
        elif cell.marks.solution:
            stub = cell.source
        else:
            text = [*text, cell.source]
            ids = [*ids, cell.marks.grade_id]
    return {**sections, "": {"text": text, "cells": ids}}


def _frame(package: Package) -> list[str]:
    """The first and the last cells, without the version in them."""
    name, version = package.manifest.assignment, package.manifest.version
    return [
        cell["source"]
        .replace(kit_file(name, version), kit_file(name, 0))
        .replace(f'start("{name}", {version}', f'start("{name}", 0')
        for cell in package.notebook["cells"]
        if cell["id"].startswith("speechmark-")
    ]


def _of_the_run(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[str]:
    settings = [json.loads(files.get("public/training.json", b"{}")) for files in (old, new)]
    bars = [found.pop("bars", None) for found in settings]
    if bars[0] != bars[1]:
        yield "bars"
    code = [files.get("public/training.py") for files in (old, new)]
    if code[0] != code[1] or settings[0] != settings[1]:
        yield "run"


def _listed(changes: list[str]) -> str:
    return ", ".join(WORDS.get(change, change) for change in changes)
