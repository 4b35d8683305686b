"""What a student has in the end: one total, names of the roster, extensions, groups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from autograder.course.assignment import Assignment
from autograder.course.results import SubmissionResult
from autograder.lms.marks import Mark, Marks
from autograder.lms.roster import read_roster
from autograder.nbgrader.config import course_config
from autograder.nbgrader.course import autograde
from autograder.nbgrader.gradebook import gradebook
from autograder.nbgrader.manual import share_marks
from autograder.nbgrader.marks import read_marks
from autograder.nbgrader.students import enter_students

Submit = Callable[..., Path]
Result = Callable[..., SubmissionResult]
ByHand = Callable[..., None]

STUDENTS = """id,first_name,last_name,email,group,extension
ada,Ada,Byron,ada@uni.edu,Engines,
mary,Mary,Somerville,mary@uni.edu,Engines,
zed,Zoë,"Edd, Jr",zed@uni.edu,,mini: 2d
"""

HOURLY = """
from nbgrader.plugins import LateSubmissionPlugin


class Hourly(LateSubmissionPlugin):
    def late_submission_penalty(self, student, score, seconds):
        return seconds / 7200


c.AssignLatePenalties.plugin_class = Hourly
"""


@pytest.fixture
def rostered(assignment: Assignment) -> Callable[[str], None]:
    def write(text: str = STUDENTS) -> None:
        (assignment.course.root / "students.csv").write_text(text, encoding="utf-8")

    write()
    return write


def students(assignment: Assignment) -> dict[str, tuple[Any, ...]]:
    with gradebook(course_config(assignment.course.root)) as book:
        return {s.id: (s.first_name, s.last_name, s.email) for s in book.students}


def due(assignment: Assignment, time: str) -> None:
    with gradebook(course_config(assignment.course.root)) as book:
        book.update_or_create_assignment("mini", duedate=time or None)


def test_the_roster_s_names_are_the_gradebook_s_and_stay_in_step(
    assignment: Assignment, submit: Submit, result: Result, rostered: Callable[..., None]
) -> None:
    submit("ada")
    submit("guest")
    autograde(assignment, [result("ada"), result("guest")])
    assert students(assignment)["zed"] == ("Zoë", "Edd, Jr", "zed@uni.edu")
    rostered(STUDENTS.replace("Byron", "Lovelace").replace("zed@uni.edu", ""))
    with gradebook(course_config(assignment.course.root)) as book:
        assert enter_students(book, read_roster(assignment.course.root)) == ["guest"]
    assert students(assignment)["ada"][1] == "Lovelace"
    assert students(assignment)["zed"][2] is None
    assert read_marks(assignment)["guest"].max_score == 9


def test_an_extension_moves_the_due_date_of_that_student_alone(
    assignment: Assignment, submit: Submit, result: Result, rostered: Callable[..., None]
) -> None:
    config = assignment.course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    for student in ("ada", "zed"):
        (submit(student) / "timestamp.txt").write_text("2026-01-10T12:00:00+00:00")
    results = [result("ada"), result("zed")]
    autograde(assignment, results)
    assert read_marks(assignment)["ada"].late == timedelta()
    due(assignment, "2026-01-09 12:00:00")
    autograde(assignment, results)
    marks = read_marks(assignment)
    assert (marks["ada"].late, marks["zed"].late) == (timedelta(days=1), timedelta())
    assert (marks["ada"].penalty, marks["zed"].penalty) == (5, 0)
    assert marks["ada"].so_far == 0
    rostered(STUDENTS.replace("mini: 2d", "mini: 6h"))
    autograde(assignment, results)
    assert read_marks(assignment)["zed"].late == timedelta(hours=18)
    assert read_marks(assignment)["zed"].penalty == 5


def test_late_penalties_are_reckoned_anew_at_every_pass(
    assignment: Assignment, submit: Submit, result: Result, rostered: Callable[..., None]
) -> None:
    config = assignment.course.root / "nbgrader_config.py"
    before = config.read_text()
    (submit("ada") / "timestamp.txt").write_text("2026-01-10T12:00:00+00:00")
    written = assignment.course.root / "autograded" / "ada" / "mini" / "mini.ipynb"

    def penalty() -> tuple[float, timedelta]:
        autograde(assignment, [result("ada")])
        marks = read_marks(assignment)["ada"]
        assert marks.so_far == max(0, 5 - marks.penalty)
        return marks.penalty, marks.late

    day = timedelta(days=1)
    assert penalty() == (0, timedelta())
    first = written.stat().st_mtime_ns
    due(assignment, "2026-01-09 12:00:00")
    assert penalty() == (0, day)
    config.write_text(before + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    assert penalty() == (5, day)
    rostered(STUDENTS.replace("Engines,\nmary", "Engines,mini: 1d\nmary"))
    assert penalty() == (0, timedelta())
    rostered()
    assert penalty() == (5, day)
    due(assignment, "2026-01-10 12:00:00")
    assert penalty() == (0, timedelta())
    due(assignment, "2026-01-10 11:00:00")
    assert penalty() == (5, timedelta(hours=1))
    config.write_text(before + HOURLY)
    assert penalty() == (0.5, timedelta(hours=1))
    due(assignment, "")
    assert penalty() == (0, timedelta())
    assert written.stat().st_mtime_ns == first


def test_a_penalty_of_what_a_person_has_marked_since_takes_that_too(
    assignment: Assignment, submit: Submit, result: Result, mark_by_hand: ByHand
) -> None:
    config = assignment.course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    (submit("ada") / "timestamp.txt").write_text("2026-01-10T12:00:00+00:00")
    autograde(assignment, [result("ada")])
    due(assignment, "2026-01-09 12:00:00")
    mark_by_hand("ada", 3.5)
    autograde(assignment, [result("ada")])
    assert read_marks(assignment)["ada"].total == 0
    due(assignment, "")
    autograde(assignment, [result("ada")])
    assert read_marks(assignment)["ada"].total == 8.5


def test_the_total_is_known_once_a_person_has_marked_the_written_answer(
    assignment: Assignment, submit: Submit, result: Result, mark_by_hand: ByHand
) -> None:
    submit("ada")
    autograde(assignment, [result("ada", double=1.0)])
    marks = read_marks(assignment)["ada"]
    assert list(marks.parts) == ["double", "halve", "discussion"]
    assert (marks.waiting, marks.so_far, marks.total) == (["discussion"], 4.0, None)
    mark_by_hand("ada", 3.5, "Well said.")
    mark_by_hand("ada", 2.0, "Half a point for the idea.", part="double")
    marks = read_marks(assignment)["ada"]
    assert marks.total == 2.0 + 3.0 + 3.5
    assert marks.parts["discussion"] == Mark(3.5, 4.0, False, True, True, "Well said.")
    assert marks.parts["double"].comment == "Half a point for the idea."
    assert marks.parts["halve"] == Mark(3.0, 3.0)


def test_a_mark_by_hand_is_looked_at_again_only_where_its_answer_changed(
    assignment: Assignment, submit: Submit, result: Result, mark_by_hand: ByHand
) -> None:
    submit("ada")
    autograde(assignment, [result("ada", double=1.0)])
    mark_by_hand("ada", 3.5)
    mark_by_hand("ada", 2.0, part="double")
    due(assignment, "2026-01-09 12:00:00")
    autograde(assignment, [result("ada", double=1.0)])
    assert read_marks(assignment)["ada"].waiting == []
    autograde(assignment, [result("ada", double=1.5)])
    assert read_marks(assignment)["ada"].waiting == ["double"]
    mark_by_hand("ada", 2.0, part="double")
    submit("ada", discussion="Other words.")
    autograde(assignment, [result("ada", double=1.5)])
    assert read_marks(assignment)["ada"].waiting == ["discussion"]


def shared(assignment: Assignment) -> list[str]:
    root = assignment.course.root
    with gradebook(course_config(root)) as book:
        return share_marks(book, "mini", read_roster(root), root / "autograded")


def test_a_group_s_members_get_the_marks_that_one_was_given_for_the_same_work(
    assignment: Assignment,
    submit: Submit,
    result: Result,
    mark_by_hand: ByHand,
    rostered: Callable[..., None],
) -> None:
    for student in ("ada", "mary", "zed"):
        submit(student)
    autograde(assignment, [result("ada"), result("mary"), result("zed")])
    assert shared(assignment) == []
    mark_by_hand("mary", 2.5, "Both of you.")
    assert shared(assignment) == ["ada"]
    marks = read_marks(assignment)
    assert marks["ada"].parts["discussion"] == marks["mary"].parts["discussion"]
    assert marks["ada"].total == 7.5
    assert marks["zed"].total is None
    mark_by_hand("ada", 4.0)
    assert shared(assignment) == []
    assert read_marks(assignment)["ada"].total == 9


def test_a_member_with_work_of_their_own_keeps_their_own_mark(
    assignment: Assignment,
    submit: Submit,
    result: Result,
    mark_by_hand: ByHand,
    rostered: Callable[..., None],
) -> None:
    submit("ada")
    submit("mary", discussion="Mine alone.")
    autograde(assignment, [result("ada"), result("mary")])
    mark_by_hand("ada", 4.0)
    assert shared(assignment) == []
    assert read_marks(assignment)["mary"].waiting == ["discussion"]


def test_a_penalty_takes_no_more_than_there_is() -> None:
    assert Marks({"a": Mark(2.0, 3.0)}, penalty=5.0).total == 0


def test_asking_for_marks_makes_no_gradebook(assignment):
    place = assignment.course.root / "gradebook.db"
    place.unlink(missing_ok=True)
    assert read_marks(assignment) == {}
    assert not place.exists()
