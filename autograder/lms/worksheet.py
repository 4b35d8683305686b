"""Moodle's grading worksheet: who a participant's number is, and when each handed in.

It lies beside the zip of submissions where "Download grading worksheet" was used too. Times in
the zip itself are those of its making. The columns are found by their English names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dateutil import parser

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
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        if IDENTIFIER not in (rows.fieldnames or []):
            return None
        return {
            number(row.get(IDENTIFIER) or ""): Participant(
                row.get(NAME) or "", row.get(EMAIL) or "", _time(row.get(HANDED_IN) or "", zone)
            )
            for row in rows
        }
    except (UnicodeDecodeError, csv.Error):
        return None


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
