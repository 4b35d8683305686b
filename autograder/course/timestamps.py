"""When a submission was handed in: ``timestamp.txt``, which a student may have written.

nbgrader takes an abbreviation that it does not know for UTC, and reads an offset behind a space
as a number of seconds. Here a time is read right or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

from dateutil import parser
from dateutil.tz import gettz
from traitlets.config import Config

from autograder.notebooks.ipynb import read_bytes
from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain

_RIGHT = "write it as 2026-01-10T11:30:00+02:00"
_GREENWICH = frozenset({"UTC", "GMT", "UT", "Z"})
_OFFSET = r"[+-]\d\d(?::?\d\d(?::?\d\d)?)?"
_NAME = r"(?![AP]M\b)[A-Za-z][\w/+-]*"
_ZONE = re.compile(rf"(?<![\w:.])(?:{_OFFSET}|{_NAME})(?!\S)", re.ASCII)
"""An offset or a name between spaces."""
_TO_OR_FRO = re.compile(r"(?:GMT|UTC)\s?[+-]\d")
"""POSIX counts hours west of Greenwich so, and everybody else those east of it."""


class _UnknownZone(ValueError):
    """A time zone of several meanings, or of none; the message is its name."""


@dataclass(frozen=True)
class Clock:
    """How nbgrader's exchange writes times in a course."""

    zone: tzinfo = UTC
    form: str = "%Y-%m-%d %H:%M:%S.%f %Z"
    """As of ``strftime``."""

    @classmethod
    def of(cls, config: Config) -> Self:
        """That of the course with these settings of nbgrader.

        Raises:
            SpeechmarkError: the time zone of the settings is none.
        """
        settings = config.Exchange
        name = settings.get("timezone", "UTC")
        zone = gettz(name)
        if zone is None:
            raise SpeechmarkError(
                f"nbgrader_config.py: Exchange.timezone is {plain(str(name), 40)!r}, which is no "
                "time zone. Write it as Europe/Berlin."
            )
        return cls(zone, settings.get("timestamp_format", cls.form))

    @property
    def silent(self) -> tzinfo:
        """The zone of a time that says none: nbgrader's UTC, unless the exchange never says one."""
        return UTC if re.search(r"%[zZc+]", self.form) else self.zone


def handed_in(folder: Path, clock: Clock) -> datetime | None:
    """When a submission was handed in, from ``timestamp.txt`` in its folder.

    Returns:
        An aware time in UTC; None if there is no such file or it is empty.

    Raises:
        SpeechmarkError: the file holds no time, or one that may be several.
    """
    path = folder / "timestamp.txt"
    if not path.is_symlink() and not path.exists():
        return None
    text = read_bytes(path)[:1000].decode("utf-8", "replace").strip()
    return parse_timestamp(text, clock) if text else None


def parse_timestamp(text: str, clock: Clock) -> datetime:
    """A time as ``clock`` writes it, in any ISO 8601 form, or one that can be read in one way only.

    The zone may be an offset, with or without a space before it, a name of the time zone
    database, or an abbreviation: one that ``clock.zone`` bears at that time, else one that means
    the same wherever in the world it is borne then. For a time without a zone see
    :attr:`Clock.silent`.

    Returns:
        An aware time in UTC.

    Raises:
        SpeechmarkError: it is none of these.
    """
    try:
        return _parse(text, clock).astimezone(UTC)
    except _UnknownZone as error:
        raise SpeechmarkError(
            f"the timestamp '{plain(text, 40)}' is of a zone {plain(str(error), 20)!r}, and which "
            "is meant is not known; name the course's as Exchange.timezone in nbgrader_config.py, "
            f"or {_RIGHT}"
        ) from None
    except (ValueError, OverflowError, TypeError, KeyError, OSError):
        raise SpeechmarkError(
            f"the timestamp '{plain(text, 40)}' is not a time that can be read in one way only; "
            f"{_RIGHT}"
        ) from None


def _parse(text: str, clock: Clock) -> datetime:
    if _TO_OR_FRO.search(text):
        raise ValueError("a sign of two meanings")
    zone = ""
    for found in reversed(list(_ZONE.finditer(text))):
        rest = f"{text[: found.start()]}UTC{text[found.end() :]}"
        if time := _in_form(rest, clock.form):
            return _placed(time.replace(tzinfo=None), found[0], clock)
        zone = zone or found[0]
    if time := _in_form(text, clock.form):
        return time if time.tzinfo else _placed(time, "", clock)
    ends = bool(zone) and text.endswith(f" {zone}")
    time = _iso(text.removesuffix(zone).rstrip() if ends else text)
    if time is None:
        return _read(text, clock)
    if ends and time.tzinfo:
        raise ValueError("two zones")
    return time if time.tzinfo else _placed(time, zone if ends else "", clock)


def _in_form(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _read(text: str, clock: Clock) -> datetime:
    """A time in words, such as RFC 2822 and Unix ``date`` write it.

    What the text leaves open, dateutil takes from a default, and of two numbers that may both be a
    month the first: it is asked in several ways, and the answers must agree.
    """
    if not re.search(r"\d:\d\d", text) or not re.search(r"(?<!\d)\d{4}(?!\d)", text):
        raise ValueError("no time of a day of a year")
    zones: list[str] = []

    def keep(name: str | None, seconds: int | None) -> tzinfo | None:
        if seconds is not None:
            return timezone(timedelta(seconds=seconds))
        zones.extend([name] if name else [])
        return None

    found = {
        parser.parse(text, tzinfos=keep, default=default, dayfirst=dayfirst)
        for default in (datetime(2000, 1, 1), datetime(2001, 2, 2, 1, 1))
        for dayfirst in ((False,) if re.match(r"\d{4}-", text) else (False, True))
    }
    if len(found) != 1:
        raise ValueError("several times")
    (time,) = found
    return time if time.tzinfo else _placed(time, zones[0] if zones else "", clock)


def _placed(time: datetime, zone: str, clock: Clock) -> datetime:
    """A naive time in the zone of that name.

    Raises:
        _UnknownZone: nobody knows in which.
        ValueError: clocks are changed then, and it may be two times or none.
    """
    if zone in _GREENWICH:
        return time.replace(tzinfo=UTC)
    if re.fullmatch(_OFFSET, zone):
        return time.replace(tzinfo=datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo)
    if not zone or "/" in zone:
        found = _borne(time, [ZoneInfo(zone) if zone else clock.silent])
    elif not (found := _borne(time, [clock.zone], zone)):
        found = _borne(time, map(ZoneInfo, available_timezones()), zone)
        if len(found) != 1:
            raise _UnknownZone(zone)
    if len(found) != 1:
        raise ValueError("several times")
    return found.pop()


def _borne(time: datetime, zones: Iterable[tzinfo], name: str = "") -> set[datetime]:
    """The times in UTC that a naive one may be in ``zones``, with a ``name`` in those so called."""
    times = [time.replace(tzinfo=zone, fold=fold) for zone in zones for fold in (0, 1)]
    return {t.astimezone(UTC) for t in times if name in ("", t.tzname())}
