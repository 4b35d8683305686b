"""Moodle's grading worksheet: who a participant's number is, and when each handed in.

It lies beside the zip of submissions where "Download grading worksheet" was used too. Times in
the zip itself are those of its making. The columns are found by their English names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dateutil import parser

from autograder.support import tables
from autograder.support.errors import SpeechmarkError

IDENTIFIER, EMAIL, NAME = "Identifier", "Email address", "Full name"
HANDED_IN, GRADED = "Last modified (submission)", "Last modified (grade)"
GRADE, FEEDBACK = "Grade", "Feedback comments"


@dataclass(frozen=True)
class Participant:
    """A line of the worksheet."""

    name: str
    email: str
    time: datetime | None
    """When the submission was last changed."""


def read_worksheet(content: bytes, zone: tzinfo | None) -> Mapping[str, Participant] | None:
    """Number of a participant to what the worksheet says; None if it is no worksheet."""
    try:
        (_, head), *rest = tables.rows(content.decode("utf-8")) or [(0, [])]
    except (UnicodeDecodeError, SpeechmarkError):
        return None
    if IDENTIFIER not in head:
        return None
    lines = [dict(zip(head, row, strict=False)) for _, row in rest]
    return {
        number(line.get(IDENTIFIER, "")): Participant(
            line.get(NAME, ""), line.get(EMAIL, ""), _time(line.get(HANDED_IN, ""), zone)
        )
        for line in lines
    }


def number(identifier: str) -> str:
    """``123`` for ``Participant 123``."""
    return identifier.rpartition(" ")[2]


def _time(text: str, zone: tzinfo | None) -> datetime | None:
    try:
        time: datetime = parser.parse(text)
    except (ValueError, OverflowError):
        return None
    if time.tzinfo:
        return time
    return time.replace(tzinfo=zone) if zone else time.astimezone()
