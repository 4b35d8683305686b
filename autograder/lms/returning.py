"""Feedback on its way back: a zip in which each file is named as the system wants it.

Moodle ("Upload multiple feedback files in a zip") reads
``Name_<participant>_assignfeedback_file/``, Canvas ("Upload submissions")
``name_<user>_<attachment>_file``: both numbers are those under which the submission was
downloaded.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.lms.export import Line
from autograder.support import files


def feedback_zip(
    assignment: Assignment, lines: Iterable[Line], system: str, path: Path
) -> Mapping[str, list[str]]:
    """Pack the pages of ``feedback/`` for a system.

    Args:
        assignment: whose feedback.
        lines: the students.
        system: ``moodle`` or ``canvas``; else a folder is named after each student.
        path: the zip; not written if nothing would be in it.

    Returns:
        ``packed``, ``without`` (no page was made) and ``unknown`` (no number is known), each with
        the students' ids.
    """
    outcome: dict[str, list[str]] = {"packed": [], "without": [], "unknown": []}
    members: dict[str, Path] = {}
    for line in lines:
        folder = assignment.course.root / "feedback" / line.student.id / assignment.name
        pages = sorted(folder.glob("*.html")) if not folder.is_symlink() else []
        prefix = _prefix(line, system)
        kind = "without" if not pages else "packed" if prefix else "unknown"
        outcome[kind].append(line.student.id)
        if kind == "packed":
            members |= {f"{prefix}{page.name}": page for page in pages}
    if members:
        with (
            files.atomic(path) as temporary,
            zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for name, page in members.items():
                archive.write(page, name)
    return outcome


def _prefix(line: Line, system: str) -> str:
    name = str(line.ids.get("name") or line.student.name).replace("/", " ")
    number = line.number(system)
    if system == "moodle":
        plain_name = name.replace("_", " ")
        return f"{plain_name}_{number}_assignfeedback_file/" if number else ""
    if system == "canvas":
        attachment = line.ids.get("attachment")
        short = "".join(filter(str.isalpha, name)) or "student"
        return f"{short}_{number}_{attachment}_" if number and attachment else ""
    return f"{line.student.id}/"
