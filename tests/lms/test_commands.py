"""The commands of a TA's day, as they are typed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from autograder import cli
from autograder.batch.session import into_nbgrader
from autograder.course.assignment import Assignment
from autograder.store.results import Store
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


@pytest.fixture
def graded(assignment: Assignment, submit, result) -> Assignment:
    """The course with two graded submissions, one of them with a mistake."""
    made = []
    for name, double in (("jdoe", 0.5), ("okim", 2.0)):
        submit(name)
        one = result(name, double=double).model_copy(update={"key": f"key of {name}"})
        Store(assignment).save(one, name)
        made.append(one)
    into_nbgrader(assignment, made, None)
    return assignment


def test_why_says_what_was_observed_where_and_how_to_ask_again(told, graded) -> None:
    status, said, _ = told("why mini Jane_Doe")
    assert status == 0
    for line in (
        "Jane Doë, mini",
        "double  0.5 of 2: wrong",
        "✗ It is right & good.",
        "observed: expected 43.0",
        "student's line: line 3: x <- 1",
        "asked by: solutions/mini/hidden/test_double.py::test_secret_name",
        "again: speechmark why mini jdoe double --again",
    ):
        assert line in said, line
    assert "✗" not in told("why mini jdoe halve")[1]
    plain = json.loads(told("why mini jdoe double --json")[1])
    assert plain["parts"][0]["lacking"][0]["detail"] == "expected 43.0"
    assert "There is: double, halve" in told("why mini jdoe nothing")[2]
    assert "No grade of 'mary'" in told("why mini mary")[2]


def test_export_names_who_waits_and_who_is_missing_and_sends_only_what_changed(
    told, graded, mark_by_hand
) -> None:
    mark_by_hand("jdoe", 3.0, "Well said.")
    _, said, _ = told("export mini --to google")
    assert "1 wait for a person and are left out: Óscar Kim-Lee" in said
    assert "3 have handed in nothing" in said
    assert Path("export/mini_google.csv").read_text().splitlines() == [
        "Last Name,First Name,Email Address,A small assignment",
        "Doë,Jane,jane@uni.edu,6.5",
    ]
    assert json.loads(told("export mini --to google --changed --json")[1])["exported"] == []
    mark_by_hand("jdoe", 4.0)
    again = json.loads(told("export mini --to google --changed --json")[1])
    assert again["exported"] == ["Jane Doë"]
    assert "worksheet" in told("export mini --to moodle")[2]
    assert told("export mini --to gradescope")[0] == 0
    assert Path("export/mini_gradescope.zip").is_file()


def test_export_names_who_has_more_points_than_the_system_allows_for(
    told, graded, mark_by_hand
) -> None:
    mark_by_hand("jdoe", 3.0)
    head = "Identifier,Full name,Email address,Grade,Maximum Grade,Last modified (grade)\n"
    Path("worksheet.csv").write_text(f"{head}Participant 7,Jane Doë,jane@uni.edu,,6,-\n")
    said = told("export mini --to moodle --into worksheet.csv")[1]
    assert "more points than the file's maximum, which that system may refuse: Jane Doë" in said
    Path("worksheet.csv").write_text(f"{head}Participant 7,Jane Doë,jane@uni.edu,,8,-\n")
    assert "maximum" not in told("export mini --to moodle --into worksheet.csv")[1]


def test_export_of_what_was_never_graded_says_what_to_do(told) -> None:
    status, _, errors = told("export mini")
    assert status == 2
    assert "speechmark grade mini" in errors


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("grade mini a.ipynb b.ipynb --gradescope", "Name one notebook"),
        ("grade --gradescope", "Name one notebook"),
        ("grade missing.ipynb --gradescope", "missing.ipynb is not a file"),
    ],
)
def test_results_for_gradescope_are_of_one_notebook(told, words: str, answer: str) -> None:
    status, _, errors = told(words)
    assert status == 2
    assert answer in errors
