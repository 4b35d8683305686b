"""What formgrader's buttons for an exchange do in a course that hands in through its own system.

nbgrader's exchange is a folder that students and staff share. Here "Release" packs what students
receive and "Release feedback" their pages, as zips in ``export/`` to upload; "Collect" reads what
was downloaded into ``downloaded/<assignment>/``, the folder that nbgrader's zip_collect reads.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from nbgrader.exchange import abc
from traitlets import Bool

from autograder.course.assignment import Assignment, Course
from autograder.course.timestamps import Clock
from autograder.lms.collect import collect
from autograder.lms.export import Line
from autograder.lms.origins import Origins
from autograder.lms.returning import feedback_zip
from autograder.lms.roster import read_roster
from autograder.nbgrader.marks import read_marks
from autograder.support.errors import SpeechmarkError


class _Ours:
    """What the four have in common: the course, and mistakes as nbgrader tells them."""

    coursedir: Any
    log: Any

    @property
    def course(self) -> Course:
        return Course(Path(self.coursedir.root))

    @property
    def assignment(self) -> Assignment:
        return self.course.assignment(self.coursedir.assignment_id)

    def start(self) -> Any:
        """Do what the button says; a user's mistake fails as nbgrader's own failures do."""
        try:
            return self.done()
        except SpeechmarkError as error:
            self.fail(str(error))  # type: ignore[attr-defined]

    def done(self) -> Any:
        raise NotImplementedError

    def packed(self, assignment: str) -> Path:
        """The zip of a release."""
        return self.course.root / "export" / f"{assignment}.zip"


class List(_Ours, abc.ExchangeList):  # type: ignore[misc]
    """Which assignments are packed; with ``remove`` unpacks one."""

    remove = Bool(False)

    def done(self) -> list[dict[str, str]]:
        if self.remove:
            self.packed(self.coursedir.assignment_id).unlink(missing_ok=True)
        names = (assignment.name for assignment in self.course.assignments())
        return [{"assignment_id": name} for name in names if self.packed(name).is_file()]


class Release(_Ours, abc.ExchangeReleaseAssignment):  # type: ignore[misc]
    """Packs ``assignments/<name>/``."""

    def done(self) -> None:
        assignment = self.assignment
        path = self.packed(assignment.name)
        path.parent.mkdir(exist_ok=True)
        shutil.make_archive(
            str(path.with_suffix("")), "zip", assignment.release.parent, assignment.name
        )
        self.log.info("%s is what students receive; upload it to your course's system", path)


class Collect(_Ours, abc.ExchangeCollect):  # type: ignore[misc]
    """Reads ``downloaded/<name>/``."""

    def done(self) -> None:
        assignment = self.assignment
        where = self.course.root / "downloaded" / assignment.name
        clock = Clock.of(self.config)
        found = collect(assignment, where, read_roster(self.course.root), clock=clock)
        for entry in found.entries:
            whose = ", ".join(entry.students)
            self.log.info("%s: %s %s %s", entry.path, entry.done, whose, entry.why)


class ReleaseFeedback(_Ours, abc.ExchangeReleaseFeedback):  # type: ignore[misc]
    """Packs the pages of ``feedback/`` for the system that the work came from."""

    def done(self) -> None:
        assignment, chosen = self.assignment, self.coursedir.student_id
        root, origins = self.course.root, Origins(self.assignment)
        roster, marks = read_roster(root), read_marks(assignment)
        lines = [
            Line(roster.get(id), held, origins.of(id))
            for id, held in sorted(marks.items())
            if chosen in ("*", id)
        ]
        systems = Counter(line.ids.get("system", "") for line in lines).most_common(1)
        system = systems[0][0] if systems and systems[0][0] in ("moodle", "canvas") else "plain"
        whose = "" if chosen == "*" else f"_{chosen}"
        path = root / "export" / f"{assignment.name}{whose}_{system}_feedback.zip"
        outcome = feedback_zip(assignment, lines, system, path)
        if not outcome["packed"]:
            raise SpeechmarkError("There is no feedback yet: generate it first.")
        for student in outcome["without"]:
            self.log.warning("%s: no feedback was generated", student)
        self.log.info("%s holds the feedback; upload it to your course's system", path)
