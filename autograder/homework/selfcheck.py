"""``speechmark check``: the public checks on a notebook file, outside Jupyter."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder import notebooks
from autograder.lab.testing.cells import How, fresh_namespace, run_cell
from autograder.lab.testing.checking import report, run_checks
from autograder.lab.testing.failures import Failure
from autograder.lab.testing.runner import TestOutcome, explain
from autograder.lab.testing.validating import RELEASED
from autograder.support import torch_pair
from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain_lines
from autograder.support.sentences import say


def main(arguments: Sequence[str]) -> int:
    """``speechmark check`` with these arguments; 0 if every check passed, else 1.

    Raises:
        SpeechmarkError: no notebook, or no public checks beside it.
        SystemExit: the arguments are wrong, or ask for help.
    """
    command = argparse.ArgumentParser(
        prog="speechmark check",
        description=say("check.description"),
    )
    command.add_argument("notebook", type=Path, help=say("check.notebook"))
    command.add_argument("--part", action="append", default=[], help=say("check.part"))
    chosen = command.parse_args(arguments)
    lines, passed = check_notebook(chosen.notebook, chosen.part)
    print("\n".join(map(plain_lines, lines)))
    return 0 if passed else 1


def check_notebook(path: Path, parts: Sequence[str]) -> tuple[list[str], bool]:
    """Run the notebook as grading would, and the public suites that lie beside it.

    It is rebuilt from the release; locked cells that only demonstrate are left out. Each part is
    checked at its own graded cell, and at the end once more if it failed there.

    Args:
        path: the notebook.
        parts: which parts; none for all that have a suite.

    Returns:
        The lines to print, and whether every check passed.

    Raises:
        SpeechmarkError: no notebook, or no public checks beside it.
    """
    submitted = notebooks.read(path)
    folder = path.resolve().parent / "public"
    if not folder.is_dir():
        raise SpeechmarkError(say("check.no_public", folder=folder))
    if not (folder / RELEASED).is_file():
        raise SpeechmarkError(say("check.no_release", file=folder / RELEASED))
    known = {suite.stem.removeprefix("test_") for suite in folder.glob("test_*.py")}
    if unknown := sorted(set(parts) - known):
        there = ", ".join(sorted(known))
        raise SpeechmarkError(say("check.no_part", parts=", ".join(unknown), known=there))
    cells = notebooks.rebuild(submitted, notebooks.read(folder / RELEASED)).cells
    wanted = set(parts or known)
    found: dict[str, list[TestOutcome]] = {}
    lines: list[str] = []
    os.environ.setdefault("TORCHDYNAMO_DISABLE", "1")  # as it is where one is graded
    namespace = fresh_namespace()
    for cell in sorted(cells, key=lambda cell: cell.kind != "setup"):
        if cell.kind == "graded":
            if cell.part in wanted:
                found[cell.part] = run_checks(cell.part, namespace, folder) or []
            continue
        try:
            run_cell(namespace, cell.id, cell.source, _how(cell))
        except Failure as failure:
            if cell.kind == "setup" and (problem := torch_pair.problem()):
                raise SpeechmarkError(problem) from failure
            why = explain(failure, {}, verbatim=True)
            lines.append(say("check.cell", cell=cell.id, why=why))
    for part in [part for part, outcomes in found.items() if not _passed(outcomes)]:
        again = run_checks(part, namespace, folder) or []
        if sum(o.failure is None for o in again) > sum(o.failure is None for o in found[part]):
            found[part] = again
    return [*lines, *_reported(found)], all(map(_passed, found.values()))


def _how(cell: notebooks.Cell) -> How:
    return "whole" if cell.kind == "setup" else "statements"


def _passed(outcomes: Sequence[TestOutcome]) -> bool:
    return all(outcome.failure is None for outcome in outcomes)


def _reported(found: dict[str, list[TestOutcome]]) -> Iterator[str]:
    for part, outcomes in found.items():
        yield from report(part, outcomes)
