"""Under which name and number each submission was downloaded, for the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from autograder.course.assignment import Assignment
from autograder.lms.layouts import Clue
from autograder.support import files


class Origins:
    """Where the submissions of an assignment come from.

    Kept in ``.speechmark/collected/<assignment>.json``: student to ``system``, what that calls
    student and hand-in, and whether it said ``late``.
    """

    def __init__(self, assignment: Assignment) -> None:
        self._path = assignment.course.state / "collected" / f"{assignment.name}.json"
        try:
            self._held: dict[str, dict[str, Any]] = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            self._held = {}

    def of(self, student: str) -> Mapping[str, Any]:
        """What is known of a student's submission; empty if it was not collected."""
        return self._held.get(student, {})

    def enter(self, student: str, clue: Clue) -> None:
        """Note where a student's submission comes from."""
        self._held[student] = {"system": clue.system, **clue.ids, "late": clue.late}

    def save(self) -> None:
        """Write it."""
        files.write(self._path, json.dumps(self._held, indent=1, ensure_ascii=False).encode())
