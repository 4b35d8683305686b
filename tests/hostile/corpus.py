"""The corpus of hostile submissions: what each file tries, and what should stop it.

A file's docstring says so: on the first line what it tries, then lines of ``key: value``:

- ``stopped by``: layers, from :data:`LAYERS`;
- ``part`` (code, training): the part whose solution it replaces; without one it is a cell of its
  own, the first of the notebook;
- ``over`` (code, training): what it is laid over, whose names it has but for its own: another
  attack of its folder, or ``reference``, the right solution to its part;
- ``flagged: yes`` (training): staff are told, whether it succeeds or not;
- ``hurts: others`` (code): it may cost its own other parts their points;
- ``deserves`` (files): ``all`` its honest points, or ``refused`` with one clear message;
- ``level 2: gap``: not run below level 3, since SECURITY.md says that it gets through;
- ``control: yes``: at level 1 it gets through, which shows that it is no empty threat;
- ``open``: why it succeeds all the same; see SECURITY.md;
- ``slow: yes``: run only with ``SPEECHMARK_HOSTILE=all``.
"""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

LAYERS = {
    "comparison outside": "tests compare numbers in a process that the submission never enters",
    "deadlines": "time of a cell, a call and a submission, by processor and by clock",
    "escaping": "text of a submission is text wherever it is shown",
    "fresh worker": "a process of its own for every submission, in which nothing else ever was",
    "hidden suites": "the demands are asked of inputs that the submission has not seen",
    "hints from the catalogue": "a student reads only sentences that staff wrote",
    "Landlock": "paths that a worker may not open (level 2)",
    "labels outside": "the worker has clips in a secret order, and neither digits nor speakers",
    "limits": "memory, files, descriptors, threads",
    "namespaces": "no path, process or network but the worker's own (level 3)",
    "nobody": "it succeeds; SECURITY.md says what it is worth",
    "reading": "regular files of bounded size, read without trust",
    "rebuilding": "the release with the student's own work laid in",
    "system call filter": "no process, program, socket, signal or change of rights",
    "the wire": "numbers, strings and tensors cross, in checked answers",
}

ALL = os.environ.get("SPEECHMARK_HOSTILE") == "all"
"""Whether to run everything at every level; else what a level is there to stop."""

_OF_A_LEVEL = {"namespaces", "Landlock", "system call filter", "limits"}


@dataclass(frozen=True)
class Case:
    """One hostile submission."""

    path: Path
    about: str
    keys: dict[str, str]

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def part(self) -> str | None:
        return self.keys.get("part")

    @property
    def layers(self) -> tuple[str, ...]:
        return tuple(layer.strip() for layer in self.keys["stopped by"].split(","))

    def runs_at(self, level: int) -> bool:
        """Whether to run it at a level: all that is meant to hold there, or the choice of it."""
        if "slow" in self.keys and not ALL:
            return False
        if level == 3:
            return True
        if "level 2" in self.keys:
            return False
        of_a_level = bool(_OF_A_LEVEL & set(self.layers))
        if level == 2:
            return ALL or of_a_level
        if "control" in self.keys:
            return True
        return ALL and not {"namespaces", "Landlock"} & set(self.layers)


def read_case(path: Path) -> Case:
    """Read a file of the corpus.

    Raises:
        ValueError: its docstring is not of the form that the module describes.
    """
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    about, *lines = text.splitlines()
    keys = dict(line.split(": ", 1) for line in lines if line)
    case = Case(path, about, keys)
    unknown = set(keys) - {
        "stopped by", "part", "over", "flagged", "hurts", "deserves", "level 2", "control", "open",
        "slow",
    }  # fmt: skip
    if unknown or not about.endswith(".") or not set(case.layers) <= LAYERS.keys():
        raise ValueError(f"{path}: the docstring is not of the form that corpus.py describes")
    return case


def cases(kind: str) -> list[Case]:
    """The cases in ``code/``, ``files/`` or ``training/``, by name."""
    return [read_case(path) for path in sorted((FOLDER / kind).glob("*.py"))]
