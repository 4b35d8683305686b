"""What decides a result besides the student's own work. Light to import."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Self

import autograder
import spoken_digits
from autograder import __version__
from autograder.course.assignment import Assignment
from autograder.notebooks.cells import Cell, digest

NO_TRAINING = "no training"


@dataclass(frozen=True)
class Conditions:
    """What a result depends on besides the cells: if both are equal, so are results."""

    suites: str
    """Hash of suites, references, hints, settings and calibration."""
    kit: str
    """Hash of the grader's own code."""
    device: str
    training: str
    """The corpus and its content digest, or ``NO_TRAINING``."""

    @classmethod
    def now(cls, assignment: Assignment, device: str, training: str) -> Self:
        """The conditions under which ``assignment`` would be graded now."""
        return cls(assignment.suites_digest, kit_digest(), device, training)

    def key(self, cells: Iterable[Cell]) -> str:
        """Hash of all that the result of ``cells`` depends on."""
        return self.key_of(digest(cells))

    def key_of(self, cells: str) -> str:
        """:meth:`key` of the cells with the digest given."""
        facts = (cells, self.suites, self.kit, self.device, self.training)
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()

    def part_key(self, cells: str, part: str) -> str:
        """Hash of all that the outcome of one part depends on.

        Args:
            cells: digest of the student's cells.
            part: its digest of :attr:`Assignment.part_digests`; for the part that is trained
                with :meth:`Assignment.training_digest` behind it.
        """
        facts = (cells, part, self.kit, self.device, self.training)
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()

    def refreshed(self, assignment: Assignment) -> Self:
        """The same device and corpus with the suites and the kit as they are now."""
        return replace(self, suites=assignment.suites_digest, kit=kit_digest())


@cache
def kit_digest(*packages: str) -> str:
    """Hash of the kit's own code: a result made by other code is not the same result.

    Args:
        packages: folders and files under the kit's package; default: all of it.
    """
    kit = Path(autograder.__file__).parent
    digest = hashlib.sha256(__version__.encode())
    for folder in (*(kit / p for p in packages or (".",)), Path(spoken_digits.__file__).parent):
        for file in [folder] if folder.is_file() else sorted(folder.rglob("*.py")):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
