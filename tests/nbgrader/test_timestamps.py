"""Times that submissions were handed in, in whatever form they are written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.nbgrader.timestamps import handed_in, parse_timestamp
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
    assert parse_timestamp(text) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()),
    st.sampled_from([" ", "T"]),
)
def test_what_python_writes_is_read_back(time: datetime, separator: str) -> None:
    assert parse_timestamp(time.isoformat(separator)) == time.astimezone(UTC)


@given(st.text(max_size=40))
def test_garbage_is_a_clear_message_on_one_line(text: str) -> None:
    said = ""
    try:
        parse_timestamp(text)
    except SpeechmarkError as error:
        said = str(error)
    assert not said or said.isprintable()


@pytest.mark.parametrize(
    "text", ["yesterday", "10", "1768044600", "2026-13-01", "2026-01-10 11:30 ../../etc", "9" * 999]
)
def test_what_only_resembles_a_time_is_refused(text: str) -> None:
    with pytest.raises(SpeechmarkError, match="is not a time"):
        parse_timestamp(text)


def test_a_submission_without_a_timestamp_has_no_time(tmp_path: Path) -> None:
    assert handed_in(tmp_path) is None
    (tmp_path / "timestamp.txt").write_text("\n")
    assert handed_in(tmp_path) is None


def test_a_timestamp_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "timestamp.txt").symlink_to(tmp_path / "nowhere")
    with pytest.raises(SpeechmarkError, match="symbolic link"):
        handed_in(tmp_path)
