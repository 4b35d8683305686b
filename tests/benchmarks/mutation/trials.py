"""Mutants of the reference solution, tried by the hidden suite of their part."""

from __future__ import annotations

import ast
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import torch

from autograder.course.assignment import Assignment
from autograder.store.conditions import kit_digest
from tests.benchmarks.mutation.mutants import Mutant, mutants
from tests.benchmarks.trial import PASSED, Ending, collect, ending

Explanation = Mapping[str, str]
"""``why``, and what of a mutant it fits: the part, pieces of the statement before and after."""


class Trial(NamedTuple):
    """A mutant of a part, and how its suite ended."""

    part: str
    mutant: Mutant
    ending: Ending

    @property
    def survived(self) -> bool:
        return self.ending == PASSED


class Kept:
    """Endings of mutants of one part that were tried before, in a file of JSON lines.

    A mutant is known by all that its ending depends on: its source, the suite and its
    references, the notebook's code, what suites are written with, and torch.
    """

    def __init__(self, assignment: Assignment, part: str) -> None:
        self._file = assignment.course.state / "mutants" / assignment.name / f"{part}.jsonl"
        notebook = assignment.folder / f"{assignment.name}.py"
        facts = (
            assignment.part_digests[part],
            ast.unparse(ast.parse(notebook.read_text(encoding="utf-8"))),
            kit_digest("lab/testing"),
            torch.__version__,
        )
        self._conditions = "\n".join(facts)
        self._endings: dict[str, Ending] = {}
        if self._file.is_file():
            for line in self._file.read_text(encoding="utf-8").splitlines():
                key, *told = json.loads(line)
                self._endings[key] = Ending(*told)

    def _key(self, mutant: Mutant) -> str:
        return hashlib.sha256(f"{self._conditions}\n{mutant.source}".encode()).hexdigest()

    def get(self, mutant: Mutant) -> Ending | None:
        """How ``mutant`` ended, if it was tried under the same conditions."""
        return self._endings.get(self._key(mutant))

    def keep(self, mutant: Mutant, told: Ending) -> None:
        """Remember how ``mutant`` ended."""
        self._endings[self._key(mutant)] = told
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps([self._key(mutant), *told]) + "\n")


def run(assignment: Assignment, part: str) -> Iterator[Trial]:
    """Try every mutant of ``part`` that was not tried before.

    Raises:
        RuntimeError: the suite fails the reference itself.
    """
    kept, source, fresh = Kept(assignment, part), assignment.reference_cells[part], True
    for mutant in mutants(source):
        told = kept.get(mutant)
        if told is None:
            if fresh:
                collect(assignment, part, assignment.hidden_suite(part))
                if (reference := ending(assignment, part, source)) != PASSED:
                    raise RuntimeError(f"The reference itself fails {part}: {reference}")
                fresh = False
            told = ending(assignment, part, mutant.source)
            kept.keep(mutant, told)
        yield Trial(part, mutant, told)


def tried(assignment: Assignment) -> list[Trial]:
    """What was kept of each part all of whose mutants were tried."""
    found = []
    for part in assignment.automatic:
        kept = Kept(assignment, part.id)
        every = mutants(assignment.reference_cells[part.id])
        endings = [told for mutant in every if (told := kept.get(mutant)) is not None]
        if len(endings) == len(every):
            found += [Trial(part.id, *pair) for pair in zip(every, endings, strict=True)]
    return found


def explanations(name: str) -> Sequence[Explanation]:
    """Why mutants of the assignment ``name`` may survive; nothing where no file says so."""
    file = Path(__file__).with_name("survivors") / f"{name}.toml"
    if not file.is_file():
        return []
    found: Sequence[Explanation] = tomllib.loads(file.read_text())["survivor"]
    return found


def explanation(trial: Trial, known: Sequence[Explanation]) -> Explanation | None:
    """The first of ``known`` that fits."""
    mutant = trial.mutant
    for entry in known:
        if (
            entry["part"] == trial.part
            and entry.get("before", "") in mutant.before
            and entry.get("after", "") in mutant.after
            and entry.get("function", mutant.function) == mutant.function
        ):
            return entry
    return None
