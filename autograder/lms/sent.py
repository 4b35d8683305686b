"""What was exported last to each system, so that only what changed need be sent again."""

from __future__ import annotations

import json
from collections.abc import Iterable

from autograder.course.assignment import Assignment
from autograder.lms.export import Line
from autograder.support import files


class Sent:
    """The grades and comments of one assignment that were exported.

    ``.speechmark/exported/<assignment>.json``: system to student to grade and comment.
    """

    def __init__(self, assignment: Assignment) -> None:
        self._path = assignment.course.state / "exported" / f"{assignment.name}.json"
        try:
            self._held: dict[str, dict[str, list[str]]] = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            self._held = {}

    def changed(self, lines: Iterable[Line], system: str) -> list[Line]:
        """Those of ``lines`` that are not what was sent last."""
        before = self._held.get(system, {})
        return [s for s in lines if before.get(s.student.id) != [s.grade, s.comment]]

    def note(self, lines: Iterable[Line], system: str) -> None:
        """Keep what was sent."""
        held = self._held.setdefault(system, {})
        held |= {line.student.id: [line.grade, line.comment] for line in lines}
        files.write(self._path, json.dumps(self._held, indent=1, ensure_ascii=False).encode())
