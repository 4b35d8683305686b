"""When a submission was handed in: ``timestamp.txt``, which a student may have written."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.notebooks.ipynb import read_bytes
from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain


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
    time, _, zone = text.rpartition(" ")
    if text[:3].isalpha():
        found = parsedate_to_datetime(text)
    elif re.fullmatch(r"[A-Za-z][\w/+-]+", zone, re.ASCII):
        found = datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(zone))
    else:
        found = datetime.fromisoformat(re.sub(r" (?=[+-]\d\d:?\d\d$)", "", text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
