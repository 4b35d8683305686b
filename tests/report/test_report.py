"""The class report, its CSV and its table: what they say, to whom, and that nothing gets in."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import math
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from autograder.course.results import SubmissionResult, Training
from autograder.lab.testing.outcomes import Outcome
from autograder.lms.marks import Mark, Marks
from autograder.lms.roster import Roster, Student
from autograder.report import charts
from autograder.report.report import table, write_csv, write_report
from autograder.report.rounds import rounds
from autograder.report.student_page import student_view
from autograder.support.plaintext import plain, slugs, spreadsheet_cell
from tests.report.birdsong import (
    RUN,
    Page,
    check,
    fault,
    marked,
    measuring,
    own,
    part,
    report,
    result,
    training,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "\"' onmouseover=alert(1) x='",
    "</title></style></svg><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "../../etc/passwd",
    "CON",
    "",
    "   ",
    "a\x00b\x1b[31m\x07",
    "\u202etxt.exe",
    "\ud800half",
    "e\u0301" * 400,
    "W" * 10_000,
    "=HYPERLINK(1)",
    "[red]loud[/red][link=http://x]y[/link]",
]

names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))


def harmless(page: Page) -> None:
    """No code but ours, nothing fetched, no inline handler, whatever the names are."""
    for tag, attributes in page.tags:
        assert tag not in {"img", "iframe", "object", "embed", "link", "base", "form"}
        assert not any(key.startswith("on") or key in {"src", "style"} for key in attributes)
    for link in page.links:
        assert re.fullmatch(r"#[\w-]+|(\.\./)?(staff|students)/[\w-]+\.html|\.\./index\.html", link)
    assert len(page.code["style"]) == 1
    assert len(page.code["script"]) <= 1
    assert "default-src 'none'" in page.policy
    assert "unsafe" not in page.policy
    for kind, (*_, code) in ((k, c) for k, c in page.code.items() if c):
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page.policy


def test_every_student_is_on_the_class_page_with_a_link_that_leads_somewhere(
    tmp_path: Path,
) -> None:
    page = report(tmp_path, result("ada"), result("Böb"), result("Ада"), result("Böb"))
    for name in ("ada", "Böb", "Ада"):
        assert name in page.text
    staff = {link for link in page.links if link.startswith("staff/")}
    assert len(staff) == 4
    for path in (tmp_path / "report").rglob("*.html"):
        links = [link for link in Page(path).links if not link.startswith("#")]
        assert all((path.parent / link).is_file() for link in links)


@settings(max_examples=40)
@given(st.lists(names, min_size=1, max_size=4), names)
def test_no_name_or_message_can_add_markup_code_or_files(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[str], title: str
) -> None:
    out = tmp_path_factory.mktemp("class")
    wrong = check("test_v", "crashed", where=chosen[0], hint=chosen[-1], detail=chosen[0])
    results = [
        result(
            name,
            part("loss", 1.0, wrong),
            repairs=[name],
            notes=[name],
            training=training(flags=[name], points=[[0.0, 1.0]], labels={name[:99]: [name]}),
        )
        for name in chosen
    ]
    index = write_report(
        [*results, fault("f", chosen[0])], out / "report", title=title, training=RUN
    )
    pages = [p for kind in ("students", "staff") for p in (out / "report" / kind).iterdir()]
    assert len(pages) == 2 * (len(chosen) + 1)
    assert {p for p in out.rglob("*") if p.is_file()} == {index, *pages}
    for path in (index, *pages):
        harmless(Page(path))


def test_hostile_text_is_read_as_text(tmp_path: Path) -> None:
    page = report(tmp_path, result("<b>Bobby</b>"), title="A & <B>")
    assert "<b>Bobby</b>" in page.text
    assert "A & <B>" in page.text


def test_a_page_stays_small_whatever_a_submission_sends(tmp_path: Path) -> None:
    long = "x" * 1_000_000
    wrong = check("test_v", "crashed", where=long, detail=long)
    submission = result(
        long, part("loss", 0.0, wrong), repairs=[long] * 500, training=training(flags=[long] * 500)
    )
    report(tmp_path, submission)
    for page in (tmp_path / "report").rglob("*.html"):
        assert page.stat().st_size < 120_000


def test_a_student_reads_demand_outcome_hint_and_where_and_nothing_meant_for_staff(
    tmp_path: Path,
) -> None:
    wrong = check(
        "STAFF_test",
        "wrong",
        hint="Which views does a row compete with?",
        hint_id="STAFF.hint",
        where="line 3 of loss_solution",
        detail="STAFF detail",
    )
    submission = result(
        "ada",
        part("loss", 1.0, check("STAFF_other"), wrong),
        key="STAFF-key",
        repairs=["STAFF repair"],
        notes=["STAFF note"],
        training=training(flags=["STAFF flag"], signals={"STAFF": 1.0}, cause="STAFF cause"),
    )
    submission.environment.suites = "STAFF suites"
    submission.environment.canaries = {"STAFF canary": False}
    page = own(tmp_path, submission)
    for told in (
        "Demand of STAFF_test.",
        "does not hold",
        "Which views does a row compete with?",
        "line 3 of loss_solution",
    ):
        assert told in page.text
    assert "STAFF" not in page.source.replace("Demand of STAFF_", "")


def test_no_student_is_named_on_another_students_page(tmp_path: Path) -> None:
    report(tmp_path, result("ada", key="same"), result("grace", key="same"))
    assert "grace" not in (tmp_path / "report" / "students" / "ada.html").read_text()


def test_what_was_not_graded_stands_first_and_is_no_zero(tmp_path: Path) -> None:
    page = report(tmp_path, result("ada"), fault("grace", "disk full"), fault("joan", "disk full"))
    assert "2 submissions were not graded" in page.text
    assert page.text.index("disk full") < page.text.index("Scores")
    assert page.text.count("disk full") == 1
    assert "1 graded" in page.text
    assert "Median score 4 of 4" in page.text
    student = Page(tmp_path / "report" / "students" / "grace.html")
    assert "Not graded yet" in student.text
    assert "of 4 points" not in student.text


def test_work_that_its_student_can_move_is_refused_with_what_to_do(tmp_path: Path) -> None:
    why = "Made on release 1. Older releases than 2 are not taken."
    page = own(tmp_path, fault("ada").model_copy(update={"refused": why}))
    assert why in page.text
    assert "Course staff have been told" not in page.text
    assert "disk full" not in page.text


def test_a_notebook_that_could_not_be_read_has_a_page_and_its_reason_is_told_to_staff(
    tmp_path: Path,
) -> None:
    unread = result("ada", key="", notes=["not JSON"], graded=False).model_copy(
        update={"parts": []}
    )
    page = report(tmp_path, unread, unread, result("grace"))
    assert "not JSON" in page.text
    assert "Identical" not in page.text


def test_tests_are_ranked_by_how_many_failed_them_with_their_hints(tmp_path: Path) -> None:
    def submission(name: str, rare: Outcome, often: Outcome) -> SubmissionResult:
        tests = (
            check("test_rare", rare, hint_id="loss.sign"),
            check("test_often", often, hint_id="loss.mean"),
        )
        return result(name, part("loss", 0.5, *tests))

    page = report(
        tmp_path,
        submission("a", "passed", "wrong"),
        submission("b", "wrong", "wrong"),
        submission("c", "passed", "timeout"),
    )
    failing = page.text[page.text.index("Tests that fail most") :]
    assert failing.index("test_often") < failing.index("test_rare")
    assert "loss.mean 3" in failing
    assert "loss.sign 1" in failing


def test_mistakes_are_told_in_the_hints_words_with_who_made_them(tmp_path: Path) -> None:
    def submission(name: str, *hints: str | None) -> SubmissionResult:
        tests = [check(f"test_{i}", "wrong", hint=hint) for i, hint in enumerate(hints)]
        return result(name, part("loss", 0.0, *tests, check("test_last", "passed")))

    unwritten = result("zoe", part("loss", 0.0, check("test_0", "missing", hint="Not written.")))
    page = report(
        tmp_path,
        submission("ada", "The sum is no mean.", "The sum is no mean.", None),
        submission("bea", "The sum is no mean.", "The sign is wrong."),
        unwritten,
        fault("fay"),
    )
    section = page.text.split("Most frequent mistakes")[1].split("Tests that fail most")[0]
    assert "loss The sum is no mean. 2 ada , bea" in section
    assert "loss The sign is wrong. 1 bea" in section
    assert "zoe" not in section
    assert "fay" not in section
    assert "None was found." in report(tmp_path, result("ada")).text


def test_who_made_a_mistake_is_named_whole_however_many(tmp_path: Path) -> None:
    wrong = part("loss", 0.0, check("test_v", "wrong", hint="The sign is wrong."))
    page = report(tmp_path, *(result(f"s{i:02d}", wrong) for i in range(20)))
    section = page.text.split("Most frequent mistakes")[1].split("Tests that fail most")[0]
    assert "12 more" in section
    assert all(f"s{i:02d}" in section for i in range(20))


def test_the_class_page_says_when_and_with_what_it_was_made(tmp_path: Path) -> None:
    made = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
    page = report(tmp_path, result("ada"), made=made)
    assert "Made 2027-03-01 09:30 UTC with Speechmark 0.1.0, PyTorch 2.11.0" in page.text


def test_identical_submissions_are_named_together_and_others_are_not(tmp_path: Path) -> None:
    page = report(tmp_path, result("ada", key="k"), result("grace", key="k"), result("joan"))
    assert "2 submissions: ada , grace" in page.text
    assert "Identical" not in report(tmp_path, result("ada"), result("grace")).text


def test_flags_repairs_and_notes_reach_staff(tmp_path: Path) -> None:
    page = report(
        tmp_path,
        result("ada", repairs=["cell put back"], notes=["odd"], training=training(flags=["raw"])),
    )
    for words in ("flag raw", "repaired cell put back", "note odd"):
        assert words in page.text


def test_the_class_is_drawn_by_the_declared_measures_and_tiers(tmp_path: Path) -> None:
    def reaching(name: str, moves: Outcome, sings: Outcome, run: Training) -> SubmissionResult:
        tiers = check("moves", moves, hint_id="melody.still"), check("sings", sings)
        return result(name, part("melody", 0.0, *tiers), training=run)

    page = report(
        tmp_path,
        reaching("a", "passed", "passed", training()),
        reaching("b", "passed", "wrong", measuring(songs=0.75)),
        reaching("c", "wrong", "wrong", measuring(songs=0.5)),
        result("d"),
    )
    assert "songs told apart : median 75.0%; bar 80.0%" in page.text
    assert "without a net : 73.1% in every run" in page.text
    assert "2 of 3 It moves." in page.text
    assert "1 of 3 It sings." in page.text
    assert "Every tier reached 1 of 3 training runs" in page.text
    drawn = {
        a["aria-label"].split(" of 3")[0] for t, a in page.tags if t == "svg" and "aria-label" in a
    }
    assert "songs told apart" in drawn


def test_bars_of_short_and_long_runs_are_told_apart(tmp_path: Path) -> None:
    short = training(length="short", bars={"songs": 0.77})
    page = report(tmp_path, result("a", training=training()), result("b", training=short))
    assert "bar 77.0% in a short run and 80.0% in a long run" in page.text


def test_corpora_are_not_mixed_in_one_chart(tmp_path: Path) -> None:
    page = report(
        tmp_path,
        result("a", training=training()),
        result("b", training=training(corpus="whales", digest="e")),
    )
    assert "Training runs on birds" in page.text
    assert "Training runs on whales" in page.text


def test_an_assignment_without_a_training_run_has_pages_without_that_section(
    tmp_path: Path,
) -> None:
    index = report(tmp_path, result("ada"), result("grace"), training=None)
    pages = [index, *map(Page, (tmp_path / "report").rglob("*/*.html"))]
    assert len(pages) == 5
    assert not [page for page in pages if "raining" in page.text]


def test_mixed_conditions_and_open_walls_are_said(tmp_path: Path) -> None:
    open_wall = result("ada")
    open_wall.environment = open_wall.environment.model_copy(
        update={"level": 1, "canaries": {"network": False}}
    )
    page = report(tmp_path, open_wall, result("grace"))
    assert "not stopped: network" in page.text
    assert "Not all submissions were graded under the same conditions." in page.text


def test_a_student_sees_each_declared_measure_with_its_title_and_bar(tmp_path: Path) -> None:
    page = own(tmp_path, result("ada", training=training()))
    assert "songs told apart 86.0% above the bar 80.0%" in page.text
    assert "before training 54.0%" in page.text
    assert page.text.count("bar 80.0%") == 1
    short = own(tmp_path, result("ada", training=measuring(songs=0.8)))
    assert "not above the bar 80.0%" in short.text
    uncalibrated = own(tmp_path, result("ada", training=training(bars={})))
    assert "bar" not in uncalibrated.text.split("The training run")[1].split("It began")[0]


def test_a_measure_that_is_no_share_is_a_number(tmp_path: Path) -> None:
    page = own(tmp_path, result("ada", training=measuring(gain=13.52)))
    assert "what was gained 13.52" in page.text


def test_each_declared_curve_is_drawn_with_its_level_and_what_that_means(tmp_path: Path) -> None:
    page = own(tmp_path, result("ada", training=training()))
    assert "The loss" in page.text
    assert "It began at 5.5 and ended at 3.55. Dashed line: all songs sound alike." in page.text
    assert "The rank" not in page.text
    both = training(curves={"loss": [1.0, math.nan], "rank": [3.0, 4.0], "other": [1.0]}, levels={})
    page = own(tmp_path, result("ada", training=both))
    assert "It began at 3 and ended at 4." in page.text
    assert "It stopped being a usable number at step 40." in page.text
    assert "Dashed" not in page.text
    assert page.source.count("<polyline") == 4


def test_each_kind_of_label_has_a_picture(tmp_path: Path) -> None:
    page = own(tmp_path, result("ada", training=training()))
    for words in ("By song", "By bird", "robin", "wren"):
        assert words in page.text
    assert page.source.count("t-SNE by ") == 2
    assert "By song" not in own(tmp_path, result("ada", training=training(points=[]))).text


def test_parts_that_the_reference_stood_in_for_are_named_to_the_student(tmp_path: Path) -> None:
    replaced = part("loss", 0.0, check("test_v", "wrong")).model_copy(update={"replaced": True})
    page = own(tmp_path, result("ada", replaced, training=training()))
    assert "In this run the reference stood in for loss" in page.text


def test_what_each_demand_is_worth_and_which_is_essential_is_shown(tmp_path: Path) -> None:
    tests = [
        check("test_shape", "wrong", essential=True),
        *(check(f"test_{i}") for i in range(3)),
        check("test_long", weight=4.0),
        check("test_gpu", "skipped"),
        check("test_form", weight=0.0),
    ]
    page = own(tmp_path, result("ada", part("loss", 0.0, *tests, of=4.0)))
    assert "0 / 4 5 of 6 demands hold, but not one that is essential" in page.text
    assert "An essential demand does not hold here" in page.text
    assert "Demand of test_shape. does not hold essential 0.5" in page.text
    assert "Demand of test_long. (passed) 2" in page.text
    assert "Demand of test_gpu. not asked" in page.text
    worths = re.findall(r'<span class="worth">(?:<b>essential</b> )?([\d.]*)</span>', page.source)
    assert [worth for worth in worths if worth] == ["0.5"] * 4 + ["2"]
    holds = own(tmp_path, result("ada", part("loss", 4.0, *tests[1:], of=4.0)))
    assert "essential demand does not hold here" not in holds.text


@given(st.lists(st.tuples(st.floats(0, 9), st.booleans()), min_size=1, max_size=12))
def test_worths_of_a_part_add_up_to_its_points(weights: list[tuple[float, bool]]) -> None:
    tests = [
        check(f"test_{i}", "skipped" if skipped else "passed", weight=weight)
        for i, (weight, skipped) in enumerate(weights)
    ]
    (shown,) = student_view(result("ada", part("loss", 3.0, *tests, of=3.0)), None, None)["parts"]
    worths = [float(test["worth"]) for test in shown["tests"] if test["worth"]]
    asked = any(weight for weight, skipped in weights if not skipped)
    assert math.isclose(sum(worths), 3.0 if asked else 0.0, abs_tol=0.005 * len(weights) + 1e-9)


def test_a_hint_that_answers_several_demands_of_a_part_is_said_once(tmp_path: Path) -> None:
    tests = [check(f"test_{i}", "missing", hint="Not written.") for i in range(3)]
    page = own(tmp_path, result("ada", part("loss", 0.0, *tests), part("fade", 0.0, tests[0])))
    assert page.text.count("Not written.") == 2
    assert page.text.count("(as above)") == 2


def test_written_answers_are_graded_by_hand_and_count_when_they_are(tmp_path: Path) -> None:
    before = own(tmp_path, result("ada"))
    assert "graded by hand" in before.text
    assert "not in this sum yet" in before.text
    waiting = own(tmp_path, result("ada"), marks={"ada": marked(0.0, waiting=True)})
    assert "4 of 8 points so far" in waiting.text
    assert "A person has yet to mark: essay" in waiting.text
    marks = {"ada": marked(3.5, comment="Well said.\n\n<b>But</b> why?"), "stranger": marked(1.0)}
    after = own(tmp_path, result("ada"), marks=marks)
    assert "7.5 of 8 points" in after.text
    assert "so far" not in after.text
    assert "Well said. <b>But</b> why?" in after.text
    index = report(tmp_path, result("ada"), result("grace"), marks=marks)
    assert "7.5" in index.text
    assert "by hand" in index.text


def test_a_person_s_points_and_words_stand_on_the_page_and_the_total_is_the_gradebook_s(
    tmp_path: Path,
) -> None:
    marks = Marks(
        {"fade": Mark(1.5, 2.0, by_hand=True, comment="A good idea."), "loss": Mark(2.0, 2.0)},
        penalty=0.5,
        handed_in=datetime(2026, 1, 11, tzinfo=UTC),
        due=datetime(2026, 1, 10, 12, tzinfo=UTC),
    )
    wrong = part("fade", 1.0, check("test_ramp", "wrong"))
    page = own(tmp_path, result("ada", wrong, part("loss", 2.0, check("v"))), marks={"ada": marks})
    assert "3 of 4 points" in page.text
    assert "1.5 / 2 does not hold; a person set the points" in page.text
    assert "A good idea." in page.text
    assert "Handed in 720 min 0 s late" not in page.text
    assert "Handed in 12 h 0 min late. Points taken off: 0.5." in page.text
    assert "graded by hand" not in page.text


def test_students_go_by_the_names_of_the_roster(tmp_path: Path) -> None:
    roster = Roster(
        {s.id: s for s in (Student("a1", "Zoë", "Abt"), Student("b2", "Jo", "Li"),
                           Student("c3", "Jo", "Li"))}
    )  # fmt: skip
    results = [result("b2"), result("a1"), result("c3"), result("guest")]
    index = report(tmp_path, *results, roster=roster)
    places = [index.text.index(name) for name in ("guest", "Jo Li (b2)", "Jo Li (c3)", "Zoë Abt")]
    assert places == sorted(places)
    assert "Zoë Abt" in Page(tmp_path / "report" / "students" / "a1.html").text
    out = io.StringIO()
    Console(file=out, width=100).print(table(results, RUN, roster))
    assert "Zoë Abt" in out.getvalue()
    write_csv(results, tmp_path / "scores.csv", RUN, roster)
    with (tmp_path / "scores.csv").open(encoding="utf-8") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert (rows["a1"]["first_name"], rows["a1"]["last_name"]) == ("Zoë", "Abt")
    assert rows["guest"]["email"] == ""


def test_lateness_and_the_grade_stand_in_table_csv_and_pages(tmp_path: Path) -> None:
    noon = datetime(2026, 1, 10, 12, tzinfo=UTC)
    waits = {"essay": Mark(0.0, 4.0, waiting=True, written=True)}
    marks = {
        "ada": Marks({"loss": Mark(2.0, 2.0)}, 0.5, noon + timedelta(hours=12), noon),
        "bea": Marks({"loss": Mark(2.0, 2.0)} | waits, due=noon),
        "cyd": Marks({"loss": Mark(2.0, 2.0)}, handed_in=noon, due=noon),
    }
    results = [result(name) for name in marks]
    out = io.StringIO()
    Console(file=out, width=120).print(table(results, None, None, marks))
    lines = {line.split()[0]: line for line in out.getvalue().splitlines() if line.strip()}
    assert lines["ada"].split()[-5:] == ["12", "h", "0", "min", "1.5"]
    assert lines["bea"].split()[-4:] == ["no", "time", "by", "hand"]
    assert lines["cyd"].split()[-1] == "2"
    write_csv(results, tmp_path / "grades.csv", marks=marks)
    with (tmp_path / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    held = ("late_seconds", "penalty", "grade", "grade_max")
    assert [rows["ada"][name] for name in held] == ["43200.0", "0.5", "1.5", "2.0"]
    assert [rows["bea"][name] for name in held] == ["", "0.0", "", "6.0"]
    assert [rows["cyd"][name] for name in held] == ["0.0", "0.0", "2.0", "2.0"]
    index = report(tmp_path, *results, marks=marks)
    assert "12 h 0 min" in index.text
    assert "no time" in index.text
    assert "without a timestamp.txt nobody knows" in index.text
    assert "Nothing says when" in Page(tmp_path / "report" / "students" / "bea.html").text


def test_lateness_and_earlier_gradings_stand_in_the_report(tmp_path: Path) -> None:
    late = Marks({}, handed_in=datetime(2026, 1, 11, tzinfo=UTC),
                 due=datetime(2026, 1, 10, tzinfo=UTC))  # fmt: skip
    first = {"name": "ada", "before": None, "after": {"score": 2.0}, "cause": "first grade"}
    again = {"name": "ada", "before": {"score": 2.0}, "after": {"score": 3.0},
             "cause": "graded anew"}  # fmt: skip
    entries = [
        {"time": "2026-01-10T09:00:00+00:00", "reason": "grading", "changes": [first]},
        {"time": "2026-01-12T09:00:00+00:00", "reason": "too tight a bound", "changes": [again]},
    ]
    index = report(tmp_path, result("ada"), marks={"ada": late}, rounds=rounds(entries))
    assert "Due 2026-01-10 00:00 UTC" in index.text
    assert "24 h 0 min" in index.text
    assert "2026-01-12 09:00 too tight a bound 0 0 1 0 1 3" in index.text
    assert "2026-01-10 09:00 grading 1 0 0 0 1 2" in index.text
    alone = report(tmp_path, result("ada"), rounds=rounds(entries[:1]))
    assert "From one grading" not in alone.text
    assert "Late" not in alone.text


@pytest.mark.parametrize(
    "changes",
    [
        {"curves": {"loss": [math.nan, math.inf, 1e300, -1e300, 5.0]}},
        {"curves": {"loss": [math.nan], "rank": [0.0]}},
        {"curves": {"loss": []}},
        {"curves": {"loss": [5.0]}, "recipe": {"steps": 0}},
        {"curves": {"loss": [5.0]}, "recipe": {}},
        {"measures": {"start": math.inf, "gain": -math.inf, "songs": math.nan}},
        {"measures": {"start": 1e300, "gain": -1e5, "songs": 3.0}, "stand_in": {"songs": math.nan}},
        {"measures": {}},
        {"points": [[math.nan, 1.0], [1.0, 2.0], [3.0]] + [[float(i), 1e38] for i in range(27)]},
        {"points": [[0.0, 0.0]] * 30},
        {"points": [[1.0]] * 3},
        {"labels": {"song": ["1"], "bird": []}},
        {"levels": {"loss": (math.nan, "nothing")}, "bars": {"songs": math.inf}},
        {"signals": {"shift": math.nan}},
    ],
)
def test_numbers_that_cannot_be_drawn_are_left_out(tmp_path: Path, changes: dict[str, Any]) -> None:
    submission = result("ada", training=training(**changes), seconds=math.inf)
    report(tmp_path, submission, result("grace", training=training(**changes)))
    for path in (tmp_path / "report").rglob("*.html"):
        for _, attributes in Page(path).tags:
            drawn = " ".join(v for k, v in attributes.items() if k not in {"aria-label", "content"})
            assert not re.search(r"\b(nan|inf)\b", drawn)


def test_an_empty_class_has_a_report(tmp_path: Path) -> None:
    page = report(tmp_path)
    assert "There is no submission yet." in page.text
    write_csv([], tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").read_text().startswith("name,graded,total")


def test_a_second_report_removes_pages_of_students_who_left_and_nothing_else(
    tmp_path: Path,
) -> None:
    report(tmp_path, result("ada"), result("grace"))
    students = tmp_path / "report" / "students"
    (students / "mine.html").write_text("<p>not ours</p>")
    report(tmp_path, result("ada"))
    assert {p.name for p in students.iterdir()} == {"ada.html", "mine.html"}


def test_the_same_results_make_the_same_pages(tmp_path: Path) -> None:
    results = [result("ada", training=training()), result("grace", training=training())]
    made = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
    first = write_report(results, tmp_path / "a", title="T", training=RUN, made=made)
    second = write_report(results[::-1], tmp_path / "b", title="T", training=RUN, made=made)
    for path in first.parent.rglob("*.html"):
        assert path.read_bytes() == (second.parent / path.relative_to(first.parent)).read_bytes()


def test_the_csv_has_a_row_per_student_and_leaves_unknown_points_empty(tmp_path: Path) -> None:
    path = tmp_path / "new" / "scores.csv"
    wrong = part("loss", 0.5, check("test_v", "wrong"), check("test_w"))
    submissions = [result("ada", wrong, training=training(flags=["f"])), fault("grace")]
    write_csv(submissions, path, RUN)
    ada, grace = csv.DictReader(path.open(newline="", encoding="utf-8"))
    assert (ada["name"], ada["loss"], ada["fade"]) == ("ada", "0.5", "")
    assert (ada["total"], ada["max"], ada["songs"]) == ("0.5", "2.0", "0.86")
    assert (ada["songs_bar"], ada["gain"], grace["songs"]) == ("0.8", "0.32", "")
    assert (ada["wrong"], ada["passed"], ada["flags"], ada["level"]) == ("1", "1", "1", "3")
    assert (grace["graded"], grace["total"], grace["loss"], grace["fade"]) == ("no", "", "", "")
    assert grace["grader"] == "1"


@given(names)
def test_no_spreadsheet_takes_a_name_for_a_formula(name: str) -> None:
    cell = spreadsheet_cell(name)
    assert not cell.startswith(("=", "+", "-", "@"))
    assert cell.isprintable() or "\u200c" in cell or "\u200d" in cell


@given(st.lists(names, max_size=8))
def test_slugs_are_unique_safe_file_names(chosen: list[str]) -> None:
    made = slugs(chosen)
    assert len(made) == len(chosen) == len(set(made))
    assert all(re.fullmatch(r"[a-z0-9_-]{1,60}", slug) for slug in made)
    assert not {"con", "nul", "aux", "prn"} & set(made)


@given(st.lists(names, unique=True, min_size=1, max_size=6))
def test_a_slug_does_not_depend_on_the_rest_of_the_class(chosen: list[str]) -> None:
    assert slugs(chosen)[-1] == slugs(chosen[-1:])[0]


@given(st.text(max_size=400), st.integers(1, 100))
def test_plain_text_is_one_bounded_line_and_stays_as_it_is(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert len(line) <= limit
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", line)
    line.encode("utf-8")
    assert plain(line, limit) == line


def rendered(*results: SubmissionResult, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=False).print(table(results, RUN))
    return out.getvalue()


def test_the_table_shows_points_accuracy_and_what_was_not_graded() -> None:
    wrong = part("info_nce", 1.14, check("test_v", "wrong"), of=4.0)
    text = rendered(result("ada", wrong, training=training()), fault("grace"))
    (ada,) = (line for line in text.splitlines() if "ada" in line)
    (grace,) = (line for line in text.splitlines() if "grace" in line)
    assert "1.14×" in ada
    assert "86.0" in ada
    assert grace.rstrip().endswith("?")


def test_the_table_of_eight_parts_fits_a_terminal_of_80_columns() -> None:
    ids = ["add_noise", "time_mask", "fade", "spec_augment", "encoder", "info_nce",
           "representation", "latent_space"]  # fmt: skip
    parts = [part(name, 1.33, check("t", "crashed")) for name in ids]
    (row,) = (
        line
        for line in rendered(result("ada", *parts, training=training()), width=80).splitlines()
        if "ada" in line
    )
    assert row.count("1.33!") == 8
    assert "10.64" in row


@given(names)
def test_a_name_cannot_steer_the_terminal(name: str) -> None:
    text = rendered(result(name))
    assert "\x1b" not in text
    assert "\x07" not in text
    if name.startswith("[red]"):
        assert "[red]" in text


def test_the_table_is_light_to_import() -> None:
    code = (
        "import sys, autograder.report.table;"
        "print(sorted({'torch', 'matplotlib', 'numpy', 'jinja2', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_histogram_counts_every_value_once_edges_included() -> None:
    drawn = charts.histogram([0, 0.5, 1, 2, 2, math.nan], [0, 1, 2], "label", unit="points")
    counts = re.findall(r'class="n middle"[^>]*>(\d+)<', drawn)
    assert [int(c) for c in counts[:2]] == [2, 3]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_within_their_axis_and_evenly_spaced(lo: float, span: float) -> None:
    found = charts.ticks(lo, lo + span)
    assert all(lo - 1e-6 * span <= t <= lo + span * (1 + 1e-6) for t in found)
    steps = np.diff(found)
    assert len(found) < 12
    assert np.allclose(steps, steps[:1], rtol=1e-3)
