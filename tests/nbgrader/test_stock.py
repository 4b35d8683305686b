"""The stock commands ``nbgrader autograde``, ``generate_feedback`` and ``export`` on a course."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI

from autograder.course.assignment import Assignment, Course
from autograder.course.results import SubmissionResult
from autograder.nbgrader.config import course_config
from autograder.nbgrader.course import autograde
from autograder.nbgrader.feedback import defused
from autograder.nbgrader.formgrader.exporter import FeedbackExporter
from autograder.store.results import Store

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
ANSWER = f"{SCRIPT}\n\n[click](javascript:alert(3)) **bold**, R&D\n\n![p](attachment:plot.png)"
Result = Callable[..., SubmissionResult]


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does who never activated the environment."""
    command = [str(Path(sys.executable).parent / "nbgrader"), *arguments]
    environment = {**os.environ, "PATH": os.defpath}
    return subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)


def hostile(notebook: dict[str, Any]) -> None:
    """Script wherever a student can put text."""
    for place, kind in ((1, "markdown"), (3, "raw"), (5, "code")):
        notebook["cells"].insert(
            place,
            {"cell_type": kind, "id": f"mine-{place}", "metadata": {}, "source": f"'{SCRIPT}'",
             "outputs": [{"output_type": "display_data", "data": {"text/html": SCRIPT}}]},
        )  # fmt: skip


@pytest.fixture(scope="module")
def graded(
    released: Path, tmp_path_factory: pytest.TempPathFactory, result: Result
) -> tuple[Path, dict[str, subprocess.CompletedProcess[str]]]:
    """A course after the three commands, and what they said."""
    course = tmp_path_factory.mktemp("stock") / "course"
    shutil.copytree(released, course)
    (course / "gradebook.db").unlink()
    shutil.rmtree(course / "source")
    results = {
        "ada": result("ada", double=0.5, repairs=["Cell '<i>x</i>' was missing."]),
        "eve": result("eve", double=0.0, halve=0.0, outcome="missing"),
        "fault": result("fault", double=0.0, outcome="grader"),
        "broken": result("broken"),
        "zed": result("zed", double=1 / 3),
    }
    (course / "stored").mkdir()
    results = {
        name: made.model_copy(update={"key": f"key of {name}"}) for name, made in results.items()
    }
    store = Store(Course(course).assignment("mini"))
    for name, made in results.items():
        store.save(made, name)
        (course / "stored" / f"{name}.json").write_text(made.model_dump_json())
        notebook = json.loads((course / "assignments/mini/mini.ipynb").read_text())
        next(c for c in notebook["cells"] if c["id"] == "discussion")["source"] = ANSWER
        hostile(notebook)
        folder = course / "submitted" / name / "mini"
        folder.mkdir(parents=True)
        (folder / "mini.ipynb").write_text(json.dumps(notebook))
    submitted = course / "submitted"
    (submitted / "broken/mini/mini.ipynb").write_text('{"cells": [')
    (submitted / "ada/mini/secret.txt").symlink_to("/etc/passwd")
    (submitted / "ada/mini/timestamp.txt").write_text("2026-01-10 11:30:00 +0200")
    (submitted / "zed/mini/timestamp.txt").write_text("yesterday")
    said = {
        "autograde": nbgrader(course, "autograde", "mini"),
        "feedback": nbgrader(course, "generate_feedback", "mini"),
        "export": nbgrader(course, "export", "--to", "grades.csv"),
    }
    return course, said


def scores(course: Path) -> dict[str, float]:
    with (course / "grades.csv").open() as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def test_good_submissions_are_graded_and_bad_ones_are_loud(graded: Any) -> None:
    course, said = graded
    assert said["autograde"].returncode == 1
    errors = said["autograde"].stderr
    assert re.search("error processing assignment 'mini' for student 'broken'", errors)
    assert re.search("error processing assignment 'mini' for student 'fault'", errors)
    assert "truncated" in errors
    assert "the grader failed in double" in errors
    assert said["feedback"].returncode == said["export"].returncode == 0
    found = scores(course)
    assert (found["ada"], found["eve"], found["zed"]) == (3.5, 0.0, 1 / 3 + 3)
    assert {path.parent.parent.name for path in course.glob("autograded/*/mini/*.ipynb")} == {
        "ada", "eve", "zed"
    }  # fmt: skip


def test_links_are_not_followed_and_timestamps_are_not_misread(graded: Any) -> None:
    course, said = graded
    for folder in ("autograded", "feedback"):
        assert not (course / folder / "ada" / "mini" / "secret.txt").exists()
    assert "'yesterday' is not a time" in said["autograde"].stderr
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert str(book.find_submission("mini", "ada").timestamp) == "2026-01-10 09:30:00"
        assert book.find_submission("mini", "zed").timestamp is None


class Dangers(HTMLParser):
    """What in a page could run, or call home, or hide: elements, handlers, addresses."""

    SAFE = ("http:", "https:", "mailto:", "#")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "svg", "object", "embed", "form", "style", "base"):
            self.found.append(tag)
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", address)
            if name.startswith("on") or name == "srcdoc":
                self.found.append(f"{tag} {name}")
            if name in ("href", "src") and scheme and scheme[0] not in self.SAFE:
                self.found.append(f"{tag} {address[:40]}")


PIECES = [
    *("<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<!--"),
    *("<", ">", "&", "&lt;", "&#60;", "&#106;", "&colon;", "&Tab;", "-->", "\x01", "\\:", "\\"),
    *("java", "script", "javascript", "JavaScript", ":", "data:text/html,", "vbscript:"),
    *("file:///etc/passwd", "attachment:x", "https://example.org", "alert(1)", "\t", "\n", "\n\n"),
    *("[a](", "![a](", "![a][1]", "[a][1]", "[1]: ", ")", "(", "`", "```", "$", "$$", "|", "    "),
    *("*", "_", "#", "\\begin{x}", "\\end{x}"),
]


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_markdown_of_a_student_becomes_anything_but_text_and_plain_links(text: str) -> None:
    page = markdown2html_mistune(defused(text))
    assert Dangers(page).found == []


def test_defused_markdown_reads_the_same() -> None:
    text = "**bold** _and_ `a < b & c`, R & D\n\n> quoted\n\n$x < y$ [l](https://example.org)"
    assert defused(text) == text
    assert defused("x<y").replace("\u200b", "") == "x<y"


@pytest.mark.parametrize("student", ["ada", "eve", "zed"])
def test_nothing_a_student_wrote_runs_in_feedback(graded: Any, student: str) -> None:
    course, _ = graded
    page = (course / "feedback" / student / "mini" / "mini_notebook.html").read_text()
    own = re.findall(r'<div class="text_cell_render.*?</div>', page, re.DOTALL)
    assert len(own) >= 5
    assert Dangers("".join(own)).found == []
    for script in (SCRIPT, 'javascript:alert(3)"'):
        assert script not in page
    assert "alert(1)" in page
    assert "<strong>bold</strong>" in page


def test_feedback_shows_demands_and_hints_and_nothing_of_a_hidden_test(graded: Any) -> None:
    course, _ = graded
    folder = course / "feedback" / "ada" / "mini"
    page, letter = ((folder / f"{name}.html").read_text() for name in ("mini_notebook", "mini"))
    for shown in ("It is right &amp; good.", "Is it &lt;b&gt;bold&lt;/b&gt;?", "line 3: x &lt;- 1"):
        assert shown in letter, shown
    assert "<b>3.5</b> of 9 points so far" in letter
    for shown in (
        "0.5 of 2 points",
        "It is right &amp; good.",
        "Is it &lt;b&gt;bold&lt;/b&gt;?",
        "line 3: x &lt;- 1",
        "Cell '&lt;i&gt;x&lt;/i&gt;' was missing.",
        "<mi>a</mi><mo>&lt;</mo><mi>b</mi>",
    ):
        assert shown in page, shown
    everything = page + letter + (course / "autograded/ada/mini/mini.ipynb").read_text()
    for hidden in ("43.0", "secret_name", "secret.hint", "21.5", "twofold", "model answer"):
        assert hidden not in everything, hidden
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        sources = [c.source for c in book.find_notebook("mini", "mini").source_cells]
    assert not any("twofold" in source or "43.0" in source for source in sources)
    untouched = (course / "feedback" / "eve" / "mini" / "mini_notebook.html").read_text()
    last_cell = "to see what is not written yet"
    assert untouched.replace(last_cell, "").count("not written yet") == 2


def test_feedback_opens_from_disk_and_asks_for_nothing_else(graded: Any) -> None:
    course, _ = graded
    pages = sorted((course / "feedback").glob("*/mini/*.html"))
    assert [page.name for page in pages] == ["mini.html", "mini_notebook.html"] * 3
    for page in pages:
        source = page.read_text()
        assert "<script" not in source
        assert "default-src 'none'" in html.unescape(source)
        assert not re.search(r"""(?:src|<link[^>]+href)=["']?(?:https?:)?//""", source)
    letter = pages[0].read_text()
    assert 'href="mini_notebook.html"' in letter


def test_feedback_made_again_has_what_a_person_wrote_and_the_same_total_as_the_export(
    graded: Any, tmp_path: Path
) -> None:
    shutil.copytree(graded[0], course := tmp_path / "course")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        grade = book.find_grade("discussion", "mini", "mini", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        comment = book.find_comment("discussion", "mini", "mini", "ada")
        comment.manual_comment = "Which <numbers>?"
        book.db.commit()
    (course / "students.csv").write_text("id,first_name,last_name\nada,Ada,Byron\n")
    said = nbgrader(course, "generate_feedback", "mini", "--student", "ada")
    assert said.returncode == 0, said.stderr
    nbgrader(course, "export", "--to", "grades.csv")
    letter = (course / "feedback/ada/mini/mini.html").read_text()
    assert f"<b>{scores(course)['ada']:g}</b> of 9 points" in letter
    assert "so far" not in letter
    assert "Which &lt;numbers&gt;?" in letter
    assert "Ada Byron" in letter


@pytest.mark.parametrize(
    "latex",
    [r"\href{javascript:alert(1)}{x}", "{" * 5000, r"\frac", "a<b", r"\style{color:red}{x}"],
)
def test_a_formula_is_drawn_without_a_script_or_shown_as_it_was_written(latex: str) -> None:
    page = FeedbackExporter().markdown2html({}, f"A ${latex}$ b")
    assert Dangers(page).found == []
    assert "javascript:" not in page.replace(r"\href{javascript:", "")
    assert ("<math" in page) or ("<code>" in page) or latex[:3] in page


def test_our_own_pass_and_formgrader_give_the_same_as_the_stock_command(
    graded: Any, tmp_path: Path, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, _ = graded
    shutil.copytree(course, tmp_path / "course")
    ours: Assignment = Course(tmp_path / "course").assignment("mini")
    stored = [
        SubmissionResult.model_validate_json(path.read_text())
        for path in sorted((course / "stored").glob("*.json"))
    ]
    before = {p.parts[-3]: p.read_bytes() for p in (course / "autograded").rglob("*.ipynb")}
    written = autograde(ours, stored)
    assert set(written.problems) == {"broken", "fault"}
    assert set(written.notices) == set()
    after = {p.parts[-3]: p.read_bytes() for p in ours.course.root.glob("autograded/*/*/*.ipynb")}
    assert after == before

    monkeypatch.chdir(ours.course.root)
    formgrader = NbGraderAPI(config=course_config(ours.course.root))
    assert formgrader.autograde("mini", "zed")["success"]
    assert not formgrader.autograde("mini", "fault")["success"]
    (zed,) = (s for s in formgrader.get_submissions("mini") if s["student"] == "zed")
    assert zed["autograded"]
    assert zed["needs_manual_grade"]
    assert zed["score"] == 1 / 3 + 3
