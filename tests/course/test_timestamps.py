"""Times that submissions were handed in, in whatever form they are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traitlets.config import Config

from autograder.course.timestamps import Clock, handed_in, parse_timestamp
from autograder.support.errors import SpeechmarkError


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-10T11:30:00+02:00", "2026-01-10 09:30:00"),
        ("2026-01-10 11:30:00 +0200", "2026-01-10 09:30:00"),
        ("2026-01-10 11:30:00 -02:00", "2026-01-10 13:30:00"),
        ("2026-01-10T11:30:00Z", "2026-01-10 11:30:00"),
        ("20260110T113000Z", "2026-01-10 11:30:00"),
        ("2026-01-10 11:30:00.500000 UTC", "2026-01-10 11:30:00.500000"),
        ("2026-07-10 11:30:00 Europe/Berlin", "2026-07-10 09:30:00"),
        ("2026-01-10 11:30:00", "2026-01-10 11:30:00"),
        ("Sat, 10 Jan 2026 11:30:00 +0200", "2026-01-10 09:30:00"),
        ("Sat, 10 Jan 2026 11:30:00 GMT", "2026-01-10 11:30:00"),
    ],
)
def test_zones_are_right_in_every_form(text: str, utc: str) -> None:
    assert parse_timestamp(text, Clock()) == at(utc)


def at(utc: str) -> datetime:
    return datetime.fromisoformat(utc).replace(tzinfo=UTC)


def course(zone: str, form: str = Clock.form) -> Clock:
    """The clock of a course whose ``nbgrader_config.py`` says so."""
    return Clock.of(Config({"Exchange": {"timezone": zone, "timestamp_format": form}}))


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()),
    st.sampled_from([" ", "T"]),
)
def test_what_python_writes_is_read_back(time: datetime, separator: str) -> None:
    assert parse_timestamp(time.isoformat(separator), Clock()) == time.astimezone(UTC)


FORMS = (
    Clock.form,
    "%Y-%m-%d %H:%M:%S.%f %z",
    "%Y-%m-%d %I:%M:%S %p %Z",
    "%a %b %d %H:%M:%S %Z %Y",
    "%d/%m/%Y %H:%M:%S %Z",
    "%m/%d/%y %I:%M:%S%p %Z",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y %H:%M",
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))


def written(time: datetime, clock: Clock) -> str:
    """As nbgrader's exchange does it."""
    return time.astimezone(clock.zone).strftime(clock.form)


def read(text: str, clock: Clock) -> datetime | None:
    try:
        return parse_timestamp(text, clock)
    except SpeechmarkError:
        return None


def whole(time: datetime, form: str) -> datetime:
    """The time as far as the form says it."""
    if "%f" in form:
        return time
    return time.replace(microsecond=0) if "%S" in form else time.replace(second=0, microsecond=0)


@given(MOMENTS, st.timezone_keys(), st.sampled_from(FORMS))
def test_what_the_exchange_writes_is_read_right_or_refused(
    time: datetime, zone: str, form: str
) -> None:
    clock = course(zone, form)
    assert read(written(time, clock), clock) in (whole(time, form), None)


@given(MOMENTS, st.timezone_keys())
def test_refused_is_only_what_two_times_are_called_alike(time: datetime, zone: str) -> None:
    clock = course(zone)
    around = (time + timedelta(minutes=step) for step in range(-180, 181, 15) if step)
    alike = any(written(other, clock) == written(time, clock) for other in around)
    assert alike or read(written(time, clock), clock) == time


@given(MOMENTS, st.timezone_keys())
def test_of_another_course_it_is_read_right_or_refused_too(time: datetime, zone: str) -> None:
    assert read(written(time, course(zone)), Clock()) in (time, None)


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-01-10 11:30:00.5 MSK", "Europe/Moscow", "2026-01-10 08:30:00.5"),
        ("2026-01-10 11:30:00.5 MSK", "UTC", "2026-01-10 08:30:00.5"),
        ("2026-01-10 11:30:00 CST", "America/Chicago", "2026-01-10 17:30:00"),
        ("2026-01-10 11:30:00 CST", "Asia/Shanghai", "2026-01-10 03:30:00"),
        ("2026-01-10 11:30:00 IST", "Asia/Kolkata", "2026-01-10 06:00:00"),
        ("2026-01-10 11:30:00 -03", "America/Sao_Paulo", "2026-01-10 14:30:00"),
        ("2026-01-10 11:30:00 PM MSK", "Europe/Moscow", "2026-01-10 20:30:00"),
        ("Sat Jan 10 11:30:00 MSK 2026", "UTC", "2026-01-10 08:30:00"),
        ("Sat Jan 10 11:30:00 PM EST 2026", "UTC", "2026-01-11 04:30:00"),
        ("Sat Jan 10 11:30:00 UTC 2026", "Europe/Moscow", "2026-01-10 11:30:00"),
        ("Sat, 10 Jan 2026 11:30:00 MSK", "UTC", "2026-01-10 08:30:00"),
        ("2026-10-25 02:30:00 CEST", "Europe/Berlin", "2026-10-25 00:30:00"),
        ("2026-10-25 02:30:00 CET", "Europe/Berlin", "2026-10-25 01:30:00"),
        ("2026-01-10 11:30:00", "Europe/Moscow", "2026-01-10 11:30:00"),
        ("2026-01-10 11:30 PM", "UTC", "2026-01-10 23:30:00"),
    ],
)
def test_an_abbreviation_is_the_course_s_or_means_one_thing_everywhere(
    text: str, zone: str, utc: str
) -> None:
    assert parse_timestamp(text, course(zone)) == at(utc)


@pytest.mark.parametrize(
    "text",
    ["2026-01-10 11:30:00 CST", "2026-01-10 11:30:00 IST", "Sat Jan 10 11:30:00 XYZ 2026"],
)
def test_an_abbreviation_of_several_meanings_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(SpeechmarkError, match=r"Exchange\.timezone in nbgrader_config\.py"):
        parse_timestamp(text, Clock())


def test_where_the_exchange_never_says_a_zone_its_times_are_the_course_s() -> None:
    clock = course("Europe/Moscow", "%d.%m.%Y %H:%M:%S")
    assert parse_timestamp("10.01.2026 11:30:00", clock) == at("2026-01-10 08:30:00")


def test_a_course_in_no_time_zone_is_told_so() -> None:
    with pytest.raises(SpeechmarkError, match="Europe/Berlin"):
        course("Moscow time")


@given(st.text(max_size=40))
def test_garbage_is_a_clear_message_on_one_line(text: str) -> None:
    said = ""
    try:
        parse_timestamp(text, Clock())
    except SpeechmarkError as error:
        said = str(error)
    assert not said or said.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "yesterday", "10", "1768044600", "2026-13-01", "2026-01-10 11:30 ../../etc", "9" * 999,
        "11:30", "01/10/2026 11:30", "10 Jan 11:30", "2026-01-10 11:30 GMT+3", "Jan 2026 11:30",
        "2026-01-10T11:30:00+02:00 MSK",
    ],
)  # fmt: skip
def test_what_only_resembles_a_time_is_refused(text: str) -> None:
    with pytest.raises(SpeechmarkError, match="is not a time"):
        parse_timestamp(text, Clock())


def test_a_submission_without_a_timestamp_has_no_time(tmp_path: Path) -> None:
    assert handed_in(tmp_path, Clock()) is None
    (tmp_path / "timestamp.txt").write_text("\n")
    assert handed_in(tmp_path, Clock()) is None


def test_a_timestamp_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "timestamp.txt").symlink_to(tmp_path / "nowhere")
    with pytest.raises(SpeechmarkError, match="symbolic link"):
        handed_in(tmp_path, Clock())
