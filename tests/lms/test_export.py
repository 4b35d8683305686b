"""Grades and feedback in the forms that course systems take."""

from __future__ import annotations

import csv
import io
import json
import re
import runpy
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from autograder.course.assignment import Assignment
from autograder.lms import export
from autograder.lms.export import Line, filled
from autograder.lms.gradescope import autograder_zip
from autograder.lms.marks import Mark, Marks
from autograder.lms.returning import feedback_zip
from autograder.lms.roster import Roster, Student
from autograder.lms.sent import Sent
from autograder.report.gradescope import results_json
from autograder.support.errors import SpeechmarkError
from tests.report.birdsong import RUN, check, fault, marked, part, result

NOW = datetime(2026, 1, 12, 15, 5, tzinfo=UTC)


def marks(points: float = 3.5, *, waiting: bool = False, comment: str = "") -> Marks:
    essay = Mark(points, 4.0, waiting=waiting, written=True, comment=comment)
    return Marks({"loss": Mark(1.25, 2.0), "essay": essay})


def line(id: str, given: Marks | None = None, further: dict[str, str] = {}, **ids: str) -> Line:  # noqa: B006
    student = Student(id, id.title(), "Doë", f"{id}@uni.edu", further=further)
    return Line(student, given or marks(), ids)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_moodle_reads_number_grade_time_and_comment_by_the_titles_of_its_worksheet() -> None:
    lines = [line("jane", marks(comment="Good.\n=1+1"), moodle="101"), line("oscar")]
    (row,) = rows(export.for_moodle(lines, NOW))
    assert row["Identifier"] == "Participant 101"
    assert row["Grade"] == "4.75"
    assert row["Last modified (grade)"] == "Monday, 12 January 2026, 03:05 PM"
    assert row["Feedback comments"] == "essay: Good.\n'=1+1"
    with pytest.raises(SpeechmarkError, match="worksheet"):
        export.for_moodle([line("oscar")], NOW)


WORKSHEET = (
    '\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum grade",'
    '"Grade can be changed","Last modified (submission)","Last modified (grade)",'
    '"Feedback comments"\r\n'
    'Participant 7,"Jane Doë",jane@uni.edu,"Submitted for grading",,"6.00",Yes,'
    '"Saturday, 10 January 2026, 5:06 PM",-,\r\n'
    'Participant 8,"Some Body",body@uni.edu,"No submission",,"6.00",Yes,-,-,\r\n'
)


def test_moodle_s_own_worksheet_is_filled_in_and_keeps_its_rows_and_columns() -> None:
    text, strangers = filled(WORKSHEET, [line("jane")], "moodle", "T", NOW)
    (row,) = rows(text)
    assert list(row) == list(rows(WORKSHEET.removeprefix("\ufeff"))[0])
    assert (row["Identifier"], row["Grade"], row["Maximum grade"]) == (
        "Participant 7", "4.75", "6.00"
    )  # fmt: skip
    assert row["Feedback comments"] == ""
    assert strangers == ["Some Body"]
    known = filled(WORKSHEET, [line("jane")], "moodle", "T", NOW, others=[line("body")])
    assert known == (text, [])


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Birdsong (4711),Other (12)\n"
    "    Points Possible,,,,,6.0,10.0\n"
    '"Doë, Jane",5,u5,jane,S1,,9\n'
    '"Doë, Oscar",6,u6,oscar,S1,2,8\n'
    '"Student, Test",99,,tst,S1,,\n'
)


@pytest.mark.parametrize(
    ("text", "system", "most"),
    [
        (WORKSHEET.removeprefix("\ufeff"), "moodle", 6.0),
        (WORKSHEET.removeprefix("\ufeff").replace("Maximum grade", "Maximum Grade"), "moodle", 6.0),
        (WORKSHEET.removeprefix("\ufeff").replace("6.00", "-"), "moodle", None),
        (CANVAS, "canvas", 6.0),
        (CANVAS.replace("Points Possible", "Points"), "canvas", None),
        ("First Name,Last Name,Email Address,Birdsong\n", "google", None),
    ],
)
def test_the_most_that_a_system_s_own_file_allows_for_is_read_where_it_says(
    text: str, system: str, most: float | None
) -> None:
    assert export.most_of(text, system, "Birdsong") == most


def test_canvas_reads_its_five_columns_and_one_for_the_assignment() -> None:
    text = export.for_canvas([line("jane", canvas="5", further={"section": "S1"})], "Birdsong")
    head, points, jane = csv.reader(io.StringIO(text))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Birdsong"]
    assert points == ["    Points Possible", "", "", "", "", "6"]
    assert jane == ["Doë, Jane", "5", "", "", "S1", "4.75"]


def test_canvas_s_own_gradebook_is_filled_in_under_its_number() -> None:
    lines = [line("jane", canvas="5"), line("oscar")]
    text, strangers = filled(CANVAS, lines, "canvas", "Birdsong", NOW)
    assert text.splitlines()[:2] == CANVAS.splitlines()[:2]
    found = {row["ID"]: row for row in rows(text) if row["ID"]}
    assert {id: row["Birdsong (4711)"] for id, row in found.items()} == {"5": "4.75", "6": "4.75"}
    assert found["6"]["Other (12)"] == "8"
    assert strangers == ["Student, Test"]
    with pytest.raises(SpeechmarkError, match="no column 'Moths'"):
        filled(CANVAS, lines, "canvas", "Moths", NOW)


def test_google_reads_names_addresses_and_the_title() -> None:
    text = export.for_google([line("jane")], "Birdsong")
    assert rows(text) == [
        {"Last Name": "Doë", "First Name": "Jane", "Email Address": "jane@uni.edu",
         "Birdsong": "4.75"}
    ]  # fmt: skip


def test_the_plain_table_has_everyone_and_takes_nothing_unknown_for_a_zero() -> None:
    late = Marks({"loss": Mark(2.0, 2.0)}, penalty=0.5, handed_in=NOW, due=NOW - timedelta(hours=3))
    lines = [line("jane", marks(0.0, waiting=True)), line("oscar", late)]
    roster = Roster({"zoë": Student("zoë", "=Zoë", "Abt")})
    jane, oscar, zoe = rows(export.as_csv(lines, roster))
    assert (jane["loss"], jane["essay"], jane["total"], jane["waiting"]) == (
        "1.25",
        "",
        "",
        "essay",
    )
    assert (oscar["penalty"], oscar["total"], oscar["late_hours"]) == ("0.5", "1.5", "3.00")
    assert (zoe["total"], zoe["max"], zoe["first_name"]) == ("", "", "'=Zoë")


def test_only_what_changed_is_sent_again_and_each_system_is_asked_for_itself(
    assignment: Assignment,
) -> None:
    lines = [line("jane"), line("oscar")]
    Sent(assignment).note(lines, "moodle")
    better = [line("jane"), line("oscar", marks(4.0))]
    assert Sent(assignment).changed(better, "moodle") == better[1:]
    commented = [line("jane", marks(comment="Why?"))]
    assert Sent(assignment).changed(commented, "moodle") == commented
    assert Sent(assignment).changed(lines, "canvas") == lines


def moodle_takes(name: str) -> tuple[str, str, str] | None:
    """Participant, plugin and file, as Moodle's importer reads a path (importziplib.php)."""
    pieces = name.split("/")
    while pieces:
        info = pieces.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdigit():
            rest = info[4:] + pieces
            return info[1], f"{info[2]}_{info[3]}", "/".join(filter(None, rest))
    return None


def test_feedback_is_named_as_each_system_s_upload_reads_it(
    assignment: Assignment, tmp_path: Path
) -> None:
    for student in ("jane", "oscar"):
        folder = assignment.course.root / "feedback" / student / "mini"
        folder.mkdir(parents=True)
        for page in ("mini.html", "mini_notebook.html"):
            (folder / page).write_text(f"{student} {page}")
    lines = [
        line("jane", moodle="101", name="Jane_Ann Doe", canvas="5", attachment="71"),
        line("oscar", moodle="102"),
        line("zoë", moodle="103"),
    ]
    told = feedback_zip(assignment, lines, "moodle", tmp_path / "m.zip")
    assert (told["packed"], told["without"]) == (["jane", "oscar"], ["zoë"])
    with zipfile.ZipFile(tmp_path / "m.zip") as archive:
        read = {moodle_takes(name): archive.read(name).decode() for name in archive.namelist()}
    assert read["101", "assignfeedback_file", "mini.html"] == "jane mini.html"
    assert read["102", "assignfeedback_file", "mini_notebook.html"] == "oscar mini_notebook.html"
    told = feedback_zip(assignment, lines, "canvas", tmp_path / "c.zip")
    assert told["unknown"] == ["oscar"]
    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        assert archive.namelist() == [
            "JaneAnnDoe_5_71_mini.html", "JaneAnnDoe_5_71_mini_notebook.html"
        ]  # fmt: skip
    assert feedback_zip(assignment, lines[2:], "moodle", tmp_path / "n.zip")["packed"] == []
    assert not (tmp_path / "n.zip").exists()


def test_gradescope_s_results_say_what_the_student_s_page_says() -> None:
    wrong = check("STAFF_test", "wrong", hint="Which rows?", detail="STAFF", where="line 3")
    work = result("ada", part("loss", 1.0, check("t"), wrong), part("fade", 2.0, check("u")))
    told = results_json(work, RUN)
    assert told["score"] == 3
    loss, fade = told["tests"]
    assert (loss["score"], loss["max_score"], loss["status"]) == (1, 2, "failed")
    assert "Which rows?" in loss["output"]
    assert "line 3" in loss["output"]
    assert (fade["status"], fade["visibility"]) == ("passed", "visible")
    assert "STAFF" not in json.dumps(told).replace("Demand of STAFF_test", "")
    by_hand = results_json(result("ada"), RUN, marked(3.5, comment="Well said."))
    assert by_hand["score"] == 7.5
    assert by_hand["tests"][-1]["output"] == "Well said."
    assert "not the same as zero" in results_json(fault("ada"), RUN)["output"]


def test_gradescope_s_autograder_hands_each_student_the_own_result_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {"score": 4, "tests": []}
    students = [line("jane").student, Student("x", further={"gradescope_sid": "77"}), Student("y")]
    unknown = autograder_zip([(student, told) for student in students], tmp_path / "a.zip")
    assert unknown == ["y"]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert modes["run_autograder"] & stat.S_IXUSR
        for folder in ("source", "results"):
            (tmp_path / folder).mkdir()
        archive.extractall(tmp_path / "source")
    script = tmp_path / "source" / "run_autograder"
    script.write_text(re.sub("/autograder/", f"{tmp_path}/", script.read_text()))

    def handed(*users: dict[str, str]) -> dict[str, Any]:
        (tmp_path / "submission_metadata.json").write_text(json.dumps({"users": users}))
        runpy.run_path(str(script))
        found: dict[str, Any] = json.loads((tmp_path / "results" / "results.json").read_text())
        return found

    assert handed({"email": "JANE@uni.edu", "sid": ""}) == told
    assert handed({"email": "", "sid": "77"}) == told
    assert "No grade was made" in handed({"email": "who@uni.edu"})["output"]
