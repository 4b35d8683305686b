"""A class goes from Moodle's zip to Moodle's grade file and feedback zip, by README's commands."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from autograder import cli
from autograder.authoring.new import new
from autograder.course.assignment import Course
from autograder.course.compose import filled, read_solution, solved
from autograder.isolation.proof.canaries import Proof
from autograder.nbgrader.config import course_config
from autograder.nbgrader.gradebook import gradebook
from tests.conftest import ROOT
from tests.lms.conftest import zipped
from tests.lms.test_export import moodle_takes
from tests.toys import PLAIN, empty_course, released, toy_proof  # noqa: F401

STUDENTS = {"ada": "Ada Byron", "jane": "Jane Ann Doë", "mary": "Mary Fair-Fax", "zed": "Zoë Edd"}


@pytest.fixture
def course(tmp_path: Path, toy_proof: Proof) -> Course:  # noqa: F811
    """A course with a small assignment, a roster, and what Moodle gave."""
    course = empty_course(tmp_path / "course")
    assignment = released(new(course, PLAIN), toy_proof)
    mistake = next((assignment.folder / "wrong").glob("*.py"))
    works = {
        "ada": solved(assignment, {}),
        "jane": solved(assignment, {read_solution(mistake).part: read_solution(mistake).source}),
        "mary": filled(assignment, {}),
    }
    rows = [f"{id},{name.rpartition(' ')[0]},{name.rpartition(' ')[2]},{id}@uni.edu"
            for id, name in STUDENTS.items()]  # fmt: skip
    roster = "\n".join(["id,first_name,last_name,email", *rows, ""])
    (course.root / "students.csv").write_text(roster, encoding="utf-8")
    download = course.root / "download"
    zipped(
        download / f"SSL-{PLAIN}-7.zip",
        {
            f"{STUDENTS[id]}_{100 + place}_assignsubmission_file/{PLAIN} ({place}).ipynb": content
            for place, (id, content) in enumerate(works.items(), 1)
        },
        {},
    )
    with (download / "Grades.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade",
             "Last modified (submission)", "Last modified (grade)", "Feedback comments"]
        )  # fmt: skip
        for place, (id, name) in enumerate(STUDENTS.items(), 1):
            time = datetime(2026, 1, 9 + place, 17).strftime("%A, %d %B %Y, %I:%M %p")
            writer.writerow([f"Participant {100 + place}", name, f"{id}@uni.edu", "Submitted",
                             "", "2.00", time, "-", ""])  # fmt: skip
    return course


def commands() -> list[str]:
    """The four commands of README's day of a TA, for this assignment."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    day = text.partition("## The day of a TA")[2].partition("## ")[0]
    found = re.findall(
        r"^(speechmark (?:collect|grade|export) .*?|nbgrader .*?)(?:  +#.*)?$", day, re.M
    )
    return [line.replace("contrastive", PLAIN) for line in found[:4]]


def test_a_class_goes_from_moodle_and_back(
    course: Course,
    level: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(course.root)
    done = commands()
    assert [" ".join(line.split()[:2]) for line in done] == [
        "speechmark collect", "speechmark grade", "nbgrader generate_feedback", "speechmark export"
    ]  # fmt: skip
    with gradebook(course_config(course.root)) as book:
        book.update_or_create_assignment(PLAIN, duedate="2026-01-11 23:00:00")
    for line in done:
        words = line.split()
        if words[0] == "nbgrader":
            command = [str(Path(sys.executable).parent / "nbgrader"), *words[1:]]
            subprocess.run(command, check=True, capture_output=True)
            continue
        words += ["--level", str(level), "--jobs", "1"] if words[1] == "grade" else []
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert not ended.value.code, line

    assert not Path("submitted/zed").exists()
    with Path(f"export/{PLAIN}_moodle.csv").open(encoding="utf-8") as file:
        grades = {row["Identifier"]: row for row in csv.DictReader(file)}
    points = {id: float(row["Grade"]) for id, row in grades.items()}
    assert list(points) == ["Participant 101", "Participant 102", "Participant 103"]
    assert points["Participant 101"] == float(grades["Participant 101"]["Maximum grade"])
    assert 0 <= points["Participant 102"] < points["Participant 101"]
    assert points["Participant 103"] == 0
    with zipfile.ZipFile(f"export/{PLAIN}_moodle_feedback.zip") as archive:
        pages = {moodle_takes(name): archive.read(name).decode() for name in archive.namelist()}
    letters = {k[0]: text for k, text in pages.items() if k and k[2] == f"{PLAIN}.html"}
    assert "Jane Ann Doë" in letters["102"]
    for number, id in (("101", "ada"), ("102", "jane")):
        shown = re.search(r"<b>([\d.]+)</b> of", letters[number])
        assert shown
        assert float(shown[1]) == points[f"Participant {number}"], id
    # A question about a grade is asked again behind the wall, and says the same.
    monkeypatch.setattr(
        sys, "argv", ["speechmark", "why", PLAIN, "jane", "--json", "--level", str(level)]
    )
    capsys.readouterr()
    told = []
    for more in ([], ["--again"]):
        monkeypatch.setattr(sys, "argv", [*sys.argv[:7], *more])
        with pytest.raises(SystemExit):
            cli.main()
        (part,) = json.loads(capsys.readouterr().out)["parts"]
        told.append((part["score"], [test["asked_by"] for test in part["lacking"]]))
    assert told[0] == told[1]
    assert told[0][1]

    held = json.loads((course.state / "collected" / f"{PLAIN}.json").read_text())
    assert held["mary"]["moodle"] == "103"


def test_a_loose_notebook_is_graded_for_gradescope(
    course: Course, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root)
    name = f"Copy of {PLAIN} (2).ipynb"
    Path(name).write_bytes(solved(course.assignment(PLAIN), {}))
    monkeypatch.setattr(
        sys, "argv", ["speechmark", "grade", name, "--gradescope", "--level", str(level)]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    told = json.loads(Path("results.json").read_text())
    assert told["score"] == course.assignment(PLAIN).max_score
    assert [test["status"] for test in told["tests"]] == ["passed"]
    assert not Path("gradebook.db").exists()
