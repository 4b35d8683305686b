"""Courses and classes to measure on: made up, the same every time."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder import notebooks
from autograder.course.assignment import Assignment, Course
from autograder.course.compose import filled, solved
from autograder.lab.testing.cells import fresh_namespace, run_cell
from tests.hostile.corpus import cases

ROOT = Path(__file__).resolve().parents[2]
NAME = "contrastive"

HOSTILE = (
    "dies_in_its_cell", "forged_frame", "garbage_flood", "huge_answer", "kills", "lying_equality",
    "markup_everywhere", "output_flood", "patched_pytest", "patched_torch", "recursion",
    "reduced", "segfault", "surrogates", "threads", "torch_function", "wrong_types",
)  # fmt: skip
"""Of the corpus of hostile submissions those that end soon."""


def course(folder: Path) -> Assignment:
    """A fresh course in ``folder`` with no submissions, no results and no gradebook."""
    for part in ("solutions", "assignments"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return Course(folder).assignment(NAME)


def namespace(assignment: Assignment, instead: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The globals that the whole notebook leaves behind, run here and without a wall.

    Args:
        assignment: whose release and reference.
        instead: part to the source that takes the reference's place.
    """
    release = notebooks.read(assignment.release_notebook)
    found = fresh_namespace()
    for cell in notebooks.rebuild(notebooks.read(solved(assignment, instead)), release).cells:
        if cell.kind != "graded":
            run_cell(found, cell.id, cell.source, "whole")
    return found


def variants(assignment: Assignment, count: int = 12) -> list[bytes]:
    """Different honest submissions: the reference, other right solutions, one mistake each.

    One in three has a mistake. Drawn by a fixed seed from ``right/`` and ``wrong/``.
    """
    draw = random.Random(0)
    found = [solved(assignment)]
    kinds = {kind: sorted((assignment.folder / kind).glob("*.py")) for kind in ("right", "wrong")}
    while len(found) < count:
        mistaken = len(found) % 3 == 2
        chosen = draw.sample(kinds["right"], 4) if kinds["right"] else []
        chosen += [draw.choice(kinds["wrong"])] if mistaken and kinds["wrong"] else []
        parts = {path.stem.partition("__")[0]: path.read_text() for path in chosen}
        found.append(solved(assignment, parts))
    return found


def hostile(assignment: Assignment) -> list[bytes]:
    """Submissions that attack the grader and otherwise are as released."""
    found = []
    for case in cases("code"):
        if case.name not in HOSTILE:
            continue
        if case.part:
            found.append(filled(assignment, {case.part: case.source}))
        else:
            found.append(with_cell(filled(assignment, {}), case.source))
    return found


def with_cell(content: bytes, source: str) -> bytes:
    """A submission with one more cell at its end."""
    whole = json.loads(content)
    cell = {
        "cell_type": "code", "id": "mine", "metadata": {}, "source": source,
        "outputs": [], "execution_count": None,
    }  # fmt: skip
    return json.dumps({**whole, "cells": [*whole["cells"], cell]}).encode()


def hand_in(folder: Path, submissions: Sequence[bytes], count: int) -> list[str]:
    """A class of ``count``, each of ``submissions`` in turn, no two the same; returns names."""
    names = [f"s{number:04d}" for number in range(count)]
    for number, name in enumerate(names):
        own = with_cell(submissions[number % len(submissions)], f"student = {number}")
        path = folder / "submitted" / name / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(own)
    return names


def speechmark(*arguments: str) -> list[str]:
    """The command line of this checkout."""
    return [sys.executable, "-m", "autograder.cli", *arguments]


def environment() -> dict[str, str]:
    """For commands that run elsewhere: this checkout is what they import."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "datasets"), os.environ.get("PYTHONPATH", "")])
    return {"PYTHONPATH": path.rstrip(os.pathsep)}
