"""A cell of a notebook file as nbgrader marks it: whose solution it holds, what is graded there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_SUFFIX = "_solution"


def solution_id(part: str) -> str:
    """The grade_id of the cell that holds the code of a part."""
    return part + _SUFFIX


def part_of(grade_id: str) -> str:
    """The part that a cell belongs to, be it the one with its code or the one that is graded."""
    return grade_id.removesuffix(_SUFFIX)


@dataclass(frozen=True)
class Marks:
    """nbgrader's marks of a cell; of one without any, all are empty."""

    grade_id: str = ""
    grade: bool = False
    """Whether points are given for it."""
    solution: bool = False
    """Whether its content is the student's to write."""
    locked: bool = False
    points: float = 0.0
    checksum: str | None = None
    """nbgrader's, of what was released."""


class MarkedCell:
    """A view of a cell, typed; what is written to it is written to the notebook.

    Nobody need vouch for the notebook: marks of another form than nbgrader's count as none.
    """

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw

    @property
    def source(self) -> str:
        """Its text, whatever its kind."""
        return str(self.raw["source"])

    @source.setter
    def source(self, text: str) -> None:
        self.raw["source"] = text

    @property
    def id(self) -> str:
        """Its id in the notebook; empty if it has none."""
        return str(self.raw.get("id", ""))

    @property
    def is_code(self) -> bool:
        return bool(self.raw["cell_type"] == "code")

    @property
    def raw_marks(self) -> dict[str, Any]:
        """The marks as they stand in the file, valid or not; empty without any."""
        marks = self.raw["metadata"].get("nbgrader")
        return marks if isinstance(marks, dict) else {}

    @property
    def marks(self) -> Marks:
        """The marks as nbgrader reads them."""
        raw = self.raw_marks
        grade_id, points, checksum = raw.get("grade_id"), raw.get("points"), raw.get("checksum")
        return Marks(
            grade_id=grade_id if isinstance(grade_id, str) else "",
            grade=raw.get("grade") is True,
            solution=raw.get("solution") is True,
            locked=raw.get("locked") is True,
            points=float(points) if isinstance(points, int | float) else 0.0,
            checksum=checksum if isinstance(checksum, str) else None,
        )

    @property
    def part(self) -> str | None:
        """The part that it belongs to: whose code or answer it holds, or that is graded there."""
        marks = self.marks
        return part_of(marks.grade_id) if marks.grade or marks.solution else None

    @property
    def holds_code(self) -> bool:
        """Whether it holds the code of a part."""
        return self.is_code and self.marks.solution and not self.marks.grade


def cells_of(notebook: Mapping[str, Any]) -> Iterator[MarkedCell]:
    """The cells of a notebook, in order."""
    return map(MarkedCell, notebook["cells"])
