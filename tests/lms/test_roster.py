"""The roster: who is who, however a name is spelt."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.lms.roster import parse_extensions, read_roster
from autograder.support.errors import SpeechmarkError
from tests.lms.conftest import STUDENTS


def rostered(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "students.csv").write_bytes(text.encode(encoding))
    return folder


@pytest.mark.parametrize(
    "who",
    ["okim", "OKIM", "o.kim@uni.edu", "O.Kim", "Óscar Kim-Lee", "Kim-Lee, Oscar", "kimleeoscar",
     "oscar KIM LEE"],
)  # fmt: skip
def test_a_student_is_found_however_the_name_is_spelt(tmp_path: Path, who: str) -> None:
    assert read_roster(rostered(tmp_path, STUDENTS)).find(who) == ["okim"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (STUDENTS.replace(",", ";"), "utf-8-sig"),
        (STUDENTS.replace(",", "\t").replace("\n", "\r\n"), "utf-8"),
        (STUDENTS.replace("id,first_name", "ID , First_Name", 1) + ",,,,,\n\n", "utf-8"),
        (STUDENTS.replace("\n", "\r"), "utf-8"),
    ],
    ids=["semicolons", "tabs", "capitals and empty rows", "carriage returns alone"],
)
def test_whatever_a_spreadsheet_makes_of_the_file_is_read(tmp_path, text, encoding) -> None:
    roster = read_roster(rostered(tmp_path, text, encoding))
    assert [student.id for student in roster] == ["jdoe", "okim", "ada1", "mary", "late"]
    assert roster.get("jdoe").name == "Jane Doë"
    assert roster.get("stranger").name == "stranger"


def test_members_and_extensions(tmp_path: Path) -> None:
    roster = read_roster(rostered(tmp_path, STUDENTS))
    assert roster.members("mary") == ["mary", "ada1"]
    assert roster.members("jdoe") == ["jdoe"]
    assert roster.get("okim").extension("mini") == timedelta(days=2)
    assert roster.get("okim").extension("maxi") is None
    assert roster.get("mary").extension("maxi") == timedelta(weeks=1, hours=12)


def test_without_a_file_there_is_nobody(tmp_path: Path) -> None:
    roster = read_roster(tmp_path)
    assert not roster
    assert roster.find("ada") == []
    assert roster.members("ada") == ["ada"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name,email\nAda,a@b\n", "no column id"),
        ("id\nada\nada\n", "line 3: the id 'ada' is there twice"),
        ("id\n../ada\n", "line 2: '../ada' cannot be the name"),
        ("id,extension\nada,tomorrow\n", "line 2: the extension 'tomorrow' is no time"),
        ("id,extension\nada,99999999999w\n", "line 2: the extension '99999999999w' is too long"),
        (f'id\n"{"ada" * 50_000}', "no table of separated values: field larger"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SpeechmarkError, match=why.replace(".", r"\.")):
        read_roster(rostered(tmp_path, text))


@given(st.integers(0, 60), st.sampled_from("wdhm"))
def test_an_extension_says_its_time(count: int, unit: str) -> None:
    names = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
    expected = timedelta(**{names[unit]: count})
    assert parse_extensions(f"{count}{unit}") == {"": expected}
    assert parse_extensions(f" x : {count} {unit}; y:1d") == {"x": expected, "y": timedelta(1)}


@given(st.lists(st.tuples(st.integers(0, len(STUDENTS) - 1), st.text(max_size=3)), max_size=6))
def test_a_garbled_file_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str]]
) -> None:
    text = STUDENTS
    for place, inserted in changes:
        text = text[:place] + inserted + text[place + 1 :]
    with contextlib.suppress(SpeechmarkError):
        read_roster(rostered(tmp_path_factory.mktemp("course"), text))
