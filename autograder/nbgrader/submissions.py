"""The folder ``submitted/``: which files are submissions, and when they were handed in.

Nothing here follows a link, and nothing trusts a name or a file that came from a student.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.errors import SpeechmarkError
from autograder.ipynb import read_bytes
from autograder.plaintext import plain


@dataclass(frozen=True)
class Submission:
    """One student's notebook in ``submitted/<student>/<assignment>/``."""

    student: str
    notebook: Path
    notes: tuple[str, ...] = ()
    """What staff should know about the files."""


def submissions(course: Path, assignment: str) -> tuple[list[Submission], dict[str, str]]:
    """Everything in ``submitted/`` for an assignment, by student.

    The notebook is ``<assignment>.ipynb``, or the only notebook there is under another name.

    Returns:
        The submissions, and for each student without a usable one what is wrong.
    """
    found: list[Submission] = []
    problems: dict[str, str] = {}
    for folder in sorted((course / "submitted").glob(f"[!.]*/{assignment}")):
        student = folder.parent.name
        if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
            problems[student] = f"{folder}: a link or a file; a folder is needed"
            continue
        notebooks = sorted(folder.glob("[!.]*.ipynb"))
        exact = folder / f"{assignment}.ipynb"
        others = [path.name for path in notebooks if path != exact]
        if exact in notebooks:
            notes = (f"Other notebooks are ignored: {_names(others)}.",) if others else ()
            found.append(Submission(student, exact, notes))
        elif len(others) == 1:
            note = f"The notebook is called {_names(others)} instead of {exact.name}."
            found.append(Submission(student, notebooks[0], (note,)))
        else:
            what = f"{len(others)} notebooks, none called" if others else "no notebook called"
            problems[student] = f"{folder}: {what} {exact.name}"
    return found, problems


def handed_in(folder: Path) -> datetime | None:
    """When a submission was handed in, from ``timestamp.txt`` in its folder.

    Returns:
        An aware time in UTC; None if there is no such file or it is empty.

    Raises:
        SpeechmarkError: the file holds no time.
    """
    path = folder / "timestamp.txt"
    if not path.is_symlink() and not path.exists():
        return None
    text = read_bytes(path)[:1000].decode("utf-8", "replace").strip()
    return parse_timestamp(text) if text else None


def parse_timestamp(text: str) -> datetime:
    """A time in any ISO 8601 form, in nbgrader's (``2026-01-10 11:30:00.5 Europe/Berlin``) or
    in that of RFC 2822. The zone may be an offset, with or without a space before it, or a
    name of the time zone database; without one the time is UTC, as nbgrader has it.

    Returns:
        An aware time in UTC.

    Raises:
        SpeechmarkError: it is none of these.
    """
    try:
        return _parse(text).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, KeyError, OSError):
        raise SpeechmarkError(
            f"the timestamp '{plain(text, 40)}' is not a time; "
            "write it as 2026-01-10T11:30:00+02:00"
        ) from None


def _parse(text: str) -> datetime:
    iso = re.sub(r" (?=[+-]\d\d:?\d\d$)", "", text)
    time, _, zone = text.rpartition(" ")
    if re.fullmatch(r"[A-Za-z][\w/+-]+", zone, re.ASCII):
        return datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(zone))
    read = parsedate_to_datetime if text[:3].isalpha() else datetime.fromisoformat
    found = read(iso if text[:1].isdigit() else text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _names(names: list[str]) -> str:
    return plain(", ".join(names), 100)
