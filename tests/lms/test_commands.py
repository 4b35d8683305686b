"""The commands of a TA's day, as they are typed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from autograder import cli
from autograder.course.assignment import Assignment
from tests.lms.conftest import STUDENTS, Work, zipped


@pytest.fixture
def told(assignment: Assignment, monkeypatch: pytest.MonkeyPatch, capsys):
    """``told("collect mini a.zip")``: exit status, output and errors, in the course's folder."""
    monkeypatch.chdir(assignment.course.root)
    Path("students.csv").write_text(STUDENTS, encoding="utf-8")

    def run(words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["speechmark", *words.split()])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_collect_says_where_each_file_went_and_who_is_missing(told, work: Work) -> None:
    files = {"jdoe.ipynb": work("j"), "nobody.ipynb": work("n")}
    zipped(Path("a.zip"), files)
    status, said, _ = told("collect mini a.zip --dry-run")
    assert status == 0
    assert not Path("submitted").exists()
    assert "nothing was changed" in said
    status, said, errors = told("collect mini a.zip")
    assert status == 0
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines == [
        "new Jane Doë jdoe.ipynb",
        "unknown nobody.ipynb nobody in students.csv is 'nobody'",
        "1 new, 1 unknown",
        "Nothing from Óscar Kim-Lee, Ada Byron, Mary Somerville, Late Comer",
    ]
    assert "speechmark grade mini" in errors
    again = json.loads(told("collect mini a.zip --json")[1])
    assert [entry["done"] for entry in again["entries"]] == ["unchanged", "unknown"]
    assert again["missing"] == ["okim", "ada1", "mary", "late"]


def test_a_course_s_own_pattern_is_honoured(told, work: Work) -> None:
    settings = Path("nbgrader_config.py")
    pattern = r"hw1__(?P<student_id>\w+?)__(?P<file_id>\w+)"
    settings.write_text(
        settings.read_text() + f"\nc.FileNameCollectorPlugin.named_regexp = r'{pattern}'\n"
    )
    zipped(Path("a.zip"), {"hw1__okim__mini.ipynb": work("o")})
    told("collect mini a.zip")
    assert Path("submitted/okim/mini/mini.ipynb").is_file()


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("collect mini missing.zip", "neither a folder nor a zip"),
        ("collect mini . --zone Mars/Olympus", "no time zone"),
        ("collect maxi .", "There is: mini."),
    ],
)
def test_a_mistake_is_one_message_and_status_2(told, words: str, answer: str) -> None:
    status, _, errors = told(words)
    assert status == 2
    assert answer in errors
