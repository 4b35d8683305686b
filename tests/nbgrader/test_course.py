"""Results in nbgrader's gradebook: the honest points, whatever the notebook looks like."""

from __future__ import annotations

import copy
import csv
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import from_dict
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import determine_grade

from autograder.authoring.releasing.differences import Differences
from autograder.authoring.releasing.release import Note, release
from autograder.course.assignment import Assignment
from autograder.course.results import SubmissionResult
from autograder.nbgrader import course
from autograder.nbgrader.course import Written, autograde, export_csv
from autograder.nbgrader.preprocessors import NotGraded, inject
from autograder.support.errors import SpeechmarkError

Submit = Callable[..., Path]
Result = Callable[..., SubmissionResult]
Notebook = dict[str, Any]


def book(assignment: Assignment) -> Gradebook:
    return Gradebook(f"sqlite:///{assignment.course.root / 'gradebook.db'}")


def scores(assignment: Assignment, student: str) -> dict[str, float | None]:
    """Automatic scores in the gradebook; empty if the student has no submission there."""
    with book(assignment) as gradebook:
        try:
            held = gradebook.find_submission_notebook("mini", "mini", student)
        except MissingEntry:
            return {}
        return {grade.name: grade.auto_score for grade in held.grades}


def autograded(assignment: Assignment, student: str) -> Path:
    return assignment.course.root / "autograded" / student / "mini" / "mini.ipynb"


def cells(path: Path) -> dict[str, Notebook]:
    return {cell["id"]: cell for cell in json.loads(path.read_text())["cells"]}


def text(cell: Notebook) -> str:
    return "".join(cell["source"])


def marks(notebook: Notebook, name: str) -> Notebook:
    marks: Notebook = at(notebook, name)["metadata"]["nbgrader"]
    return marks


def at(notebook: Notebook, name: str) -> Notebook:
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def remove(name: str) -> Callable[[Notebook], None]:
    return lambda notebook: notebook["cells"].remove(at(notebook, name))


def double(name: str, source: str | None = None) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        twin = copy.deepcopy(at(notebook, name))
        twin["source"] = source or twin["source"]
        notebook["cells"].append(twin)

    return change


def mark(name: str, **values: Any) -> Callable[[Notebook], None]:
    return lambda notebook: marks(notebook, name).update(values)


def put(name: str, **values: Any) -> Callable[[Notebook], None]:
    return lambda notebook: at(notebook, name).update(values)


def everywhere(change: Callable[[Notebook], Any]) -> Callable[[Notebook], None]:
    def done(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            change(cell)

    return done


FORGED = [
    {
        "output_type": "execute_result",
        "data": {"text/plain": "400"},
        "metadata": {},
        "execution_count": 1,
    }
]
TAMPERINGS: dict[str, Callable[[Notebook], Any]] = {
    "graded_cell_deleted": remove("double"),
    "graded_cell_edited": put("double", source="2.0"),
    "graded_cell_with_forged_output": put("double", outputs=FORGED),
    "graded_cell_doubled": double("double"),
    "graded_cell_doubled_with_forged_source": double("double", "400.0"),
    "graded_cell_retyped": put("double", cell_type="markdown"),
    "graded_cell_made_raw": put("double", cell_type="raw"),
    "graded_cell_renamed": mark("double", grade_id="quadruple"),
    "graded_cell_repointed": mark("double", points=400),
    "graded_cell_with_negative_points": mark("double", points=-1),
    "graded_cell_without_points": lambda nb: marks(nb, "double").pop("points"),
    "graded_cell_ungraded": mark("double", grade=False),
    "graded_cell_made_a_solution": mark("double", solution=True),
    "graded_cell_skipped": lambda nb: at(nb, "double")["metadata"].update(tags=["skip-execution"]),
    "all_cells_skipped": everywhere(lambda c: c["metadata"].update(tags=["skip-execution"])),
    "solution_renamed": mark("double_solution", grade_id="mine"),
    "solution_named_as_another": mark("double_solution", grade_id="halve_solution"),
    "solution_named_as_a_test": mark("double_solution", grade_id="double"),
    "solution_doubled": double("double_solution"),
    "solution_retyped": put("double_solution", cell_type="markdown"),
    "solution_locked": mark("double_solution", locked=True, solution=False),
    "schema_old": mark("double", schema_version=1),
    "schema_new": mark("double", schema_version=99),
    "schema_nonsense": mark("double", schema_version="three"),
    "marks_without_grade_id": lambda nb: marks(nb, "double").pop("grade_id"),
    "marks_lost": everywhere(lambda c: c.update(metadata={})),
    "ids_lost": everywhere(lambda c: c.pop("id")),
    "ids_all_the_same": everywhere(lambda c: c.update(id="double")),
    "marks_and_ids_lost": everywhere(lambda c: (c.update(metadata={}), c.pop("id"))),
    "marks_are_a_list": everywhere(lambda c: c["metadata"].update(nbgrader=["grade_id"])),
    "reversed": lambda nb: nb["cells"].reverse(),
    "other_kernel": lambda nb: nb.update(metadata={"kernelspec": {"name": "bash"}}),
    "metadata_not_a_number": lambda nb: nb.update(metadata={"x": float("nan")}),
    "unknown_marked_cell": lambda nb: nb["cells"].append(
        {**copy.deepcopy(at(nb, "double")), "id": "bonus", "source": "100",
         "metadata": {"nbgrader": {**marks(nb, "double"), "grade_id": "bonus"}}}
    ),
}  # fmt: skip


def test_tampering_changes_no_grade_and_loses_no_work(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    for name, change in TAMPERINGS.items():
        submit(name, lambda notebook, change=change: change(notebook) and None)
    written = autograde(assignment, [result(name, double=1.25) for name in TAMPERINGS])
    assert written == Written()
    for name in TAMPERINGS:
        found = scores(assignment, name)
        assert (found["double"], found["halve"]) == (1.25, 3.0), name
        graded = cells(autograded(assignment, name))
        assert "return 2 * x" in text(graded["double_solution"]), name
        assert text(graded["double"]) == 'check("double")', name
    with book(assignment) as gradebook:
        assert gradebook.find_assignment("mini").max_score == 9


def test_a_test_cell_deleted_on_resubmission_keeps_no_old_score(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    submit("ada")
    autograde(assignment, [result("ada")])
    submit("ada", remove("double"))
    autograde(assignment, [result("ada", double=0.0)])
    assert scores(assignment, "ada")["double"] == 0


def test_one_bad_submission_never_stops_the_others(
    assignment: Assignment, submit: Submit, result: Result, tmp_path: Path
) -> None:
    students = ["ada", "broken", "link", "linked", "missing", "pipe", "../zoe", "zed"]
    for student in students[:-2]:
        submit(student)
    submit("zed")
    submitted = assignment.course.root / "submitted"
    (submitted / "broken" / "mini" / "mini.ipynb").write_text('{"cells": [')
    (submitted / "missing" / "mini" / "mini.ipynb").unlink()
    secret = tmp_path / "secret.ipynb"
    (submitted / "link" / "mini" / "mini.ipynb").rename(secret)
    (submitted / "link" / "mini" / "mini.ipynb").symlink_to(secret)
    (submitted / "linked" / "mini").rename(tmp_path / "mini")
    (submitted / "linked" / "mini").symlink_to(tmp_path / "mini")
    (submitted / "pipe" / "mini" / "mini.ipynb").unlink()
    os.mkfifo(submitted / "pipe" / "mini" / "mini.ipynb")
    seen: list[str] = []
    written = autograde(assignment, map(result, students), progress=seen.append)
    assert seen == students
    assert set(written.problems) == set(students[1:-1])
    assert not any("\n" in problem for problem in written.problems.values())
    assert scores(assignment, "ada")["double"] == scores(assignment, "zed")["double"] == 2
    assert not any(scores(assignment, student) for student in students[1:-1])
    assert sorted(p.name for p in (assignment.course.root / "autograded").iterdir()) == [
        "ada", "zed"
    ]  # fmt: skip


def test_what_was_just_small_enough_to_be_graded_is_small_enough_for_nbgrader(
    assignment: Assignment, submit: Submit, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.notebooks.ipynb.CELL_LIMIT", 20)
    extra = {"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": []}
    submit("ada", lambda notebook: {**notebook, "cells": [extra] * 20})
    assert autograde(assignment, [result("ada")]) == Written()


def test_files_beside_the_notebook_are_left_behind(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    folder = submit("ada")
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "other.ipynb").write_text("{}")
    assert autograde(assignment, [result("ada")]) == Written()
    assert [path.name for path in autograded(assignment, "ada").parent.iterdir()] == ["mini.ipynb"]
    assert (folder / "passwd").is_symlink()


def test_a_grader_fault_is_never_a_zero(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    submit("ada")
    submit("new")
    autograde(assignment, [result("ada")])
    before = autograded(assignment, "ada").read_bytes()
    faults = [
        result("ada", double=0.0, outcome="grader"),
        result("new", graded=False, notes=["the disk was full"]),
    ]
    written = autograde(assignment, faults, force=True)
    assert set(written.problems) == {"ada", "new"}
    assert "the disk was full" in written.problems["new"]
    assert scores(assignment, "ada")["double"] == 2
    assert autograded(assignment, "ada").read_bytes() == before
    assert scores(assignment, "new") == {}


@pytest.mark.parametrize("step", ["convert_single_notebook", "set_permissions"])
def test_a_failure_half_way_leaves_grades_and_files_as_they_were(
    assignment: Assignment,
    submit: Submit,
    result: Result,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    submit("ada")
    submit("bob")
    autograde(assignment, [result("ada")])
    before = autograded(assignment, "ada").read_bytes()
    works = getattr(course.Autograde, step)

    def fails_for_ada(self: Any, *names: str) -> None:
        works(self, *names)
        if any("ada" in name for name in names):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(course.Autograde, step, fails_for_ada)
    submit("ada", discussion="Other words.")
    written = autograde(assignment, [result("ada", double=0.5), result("bob")])
    assert "No space left" in written.problems["ada"]
    assert scores(assignment, "ada")["double"] == 2
    assert scores(assignment, "bob")["double"] == 2
    assert autograded(assignment, "ada").read_bytes() == before


def test_what_a_killed_pass_had_put_aside_is_put_back(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    submit("ada")
    submit("bob")
    autograde(assignment, [result("ada")])
    before = autograded(assignment, "ada").read_bytes()
    left = assignment.course.state / "nbgrader-killed"
    (left / "before").mkdir(parents=True)
    autograded(assignment, "ada").parent.rename(left / "before" / "ada")
    autograde(assignment, [result("bob")])
    assert autograded(assignment, "ada").read_bytes() == before
    assert not list(assignment.course.state.glob("nbgrader-*"))


def test_a_locked_gradebook_leaves_grades_and_files_as_they_were(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    config = assignment.course.root / "nbgrader_config.py"
    path = assignment.course.root / "gradebook.db"
    brief = f'\nc.CourseDirectory.db_url = "sqlite:///{path}?timeout=0.1"\n'
    config.write_text(config.read_text() + brief)
    students = ["ada", "bob", "cleo"]
    for student in students:
        submit(student)
    autograde(assignment, map(result, students))
    before = {student: autograded(assignment, student).read_bytes() for student in students}
    with closing(sqlite3.connect(path, isolation_level=None)) as other:

        def lock(_: str) -> None:
            if not other.in_transaction:
                other.execute("begin exclusive")

        # Another program takes the database and keeps it: from here on, and then from the start.
        better = [result(student, double=1.0) for student in students]
        written = autograde(assignment, better, progress=lock)
        assert set(written.problems) == {"bob", "cleo"}
        assert all("locked" in problem for problem in written.problems.values())
        with pytest.raises(SpeechmarkError, match="locked"):
            autograde(assignment, better)
    assert [scores(assignment, student)["double"] for student in students] == [1, 2, 2]
    for student in students[1:]:
        assert autograded(assignment, student).read_bytes() == before[student]
    assert autograde(assignment, better) == Written()
    assert [scores(assignment, student)["double"] for student in students] == [1, 1, 1]


def test_what_is_unchanged_is_left_alone_and_what_changed_is_not(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    folder = submit("ada")

    def written_again(**points: float) -> bool:
        before = autograded(assignment, "ada").stat().st_ino
        assert autograde(assignment, [result("ada", **points)]) == Written()
        return autograded(assignment, "ada").stat().st_ino != before

    autograde(assignment, [result("ada")])
    assert not written_again()
    submit("ada", discussion="A better answer.")
    assert written_again()
    assert text(cells(autograded(assignment, "ada"))["discussion"]) == "A better answer."
    (folder / "timestamp.txt").write_text("2026-01-10T11:30:00+02:00")
    assert written_again()
    assert written_again(double=1.0)
    assert not written_again(double=1.0)
    with book(assignment) as gradebook:
        gradebook.remove_submission("mini", "ada")
    assert written_again(double=1.0)
    assert scores(assignment, "ada")["double"] == 1


def test_manual_scores_and_late_penalties_survive_a_regrade(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    config = assignment.course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    submit("ada")
    (submit("late") / "timestamp.txt").write_text("2026-01-10T11:30:00+02:00")
    autograde(assignment, [result("ada"), result("late")])
    with book(assignment) as gradebook:
        gradebook.update_or_create_assignment("mini", duedate="2026-01-10 09:29:59")
        written = gradebook.find_grade("discussion", "mini", "mini", "ada")
        written.manual_score, written.needs_manual_grade = 3.5, False
        gradebook.find_grade("double", "mini", "mini", "ada").extra_credit = 0.25
        gradebook.db.commit()
    autograde(assignment, [result("ada", double=1.0), result("late", double=1.0)])
    with book(assignment) as gradebook:
        ada = gradebook.find_submission_notebook("mini", "mini", "ada")
        assert ada.score == 1.0 + 3.0 + 3.5 + 0.25
        assert not ada.late_submission_penalty
        late = gradebook.find_submission("mini", "late")
        assert late.total_seconds_late == 1
        assert late.late_submission_penalty == late.score == 4


def test_the_written_answer_waits_for_a_person(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    submit("answered")
    submit("silent", discussion="YOUR ANSWER HERE")
    autograde(assignment, [result("answered"), result("silent")])
    with book(assignment) as gradebook:
        waits = {
            student: gradebook.find_grade("discussion", "mini", "mini", student).needs_manual_grade
            for student in ("answered", "silent")
        }
    assert waits == {"answered": True, "silent": False}
    assert scores(assignment, "silent")["discussion"] == 0


def test_timestamps_are_read_in_any_form_and_garbage_is_a_notice(
    assignment: Assignment, submit: Submit, result: Result
) -> None:
    stamps = {
        "iso": "2026-01-10T11:30:00+02:00",
        "spaced": "2026-01-10 11:30:00 +0200",
        "garbage": "yesterday\x1b[31m",
    }
    for student, stamp in stamps.items():
        (submit(student) / "timestamp.txt").write_text(stamp)
    (submit("link") / "timestamp.txt").symlink_to("/etc/hostname")
    students = ["iso", "spaced", "garbage", "link"]
    written = autograde(assignment, map(result, students))
    assert written.problems == {}
    assert set(written.notices) == {"garbage", "link"}
    assert all(notice.isprintable() for notice in written.notices.values())
    with book(assignment) as gradebook:
        found = [str(gradebook.find_submission("mini", s).timestamp) for s in students]
    assert found == ["2026-01-10 09:30:00", "2026-01-10 09:30:00", "None", "None"]


def test_the_csv_is_nbgraders_own(
    assignment: Assignment, submit: Submit, result: Result, tmp_path: Path
) -> None:
    submit("ada")
    autograde(assignment, [result("ada", double=0.1)])
    export_csv(assignment, tmp_path / "grades.csv")
    (row,) = csv.DictReader((tmp_path / "grades.csv").open())
    assert (row["student_id"], row["score"], row["max_score"]) == ("ada", "3.1", "9.0")


def test_an_assignment_released_with_other_cells_is_refused_once_there_are_grades(
    assignment: Assignment, submit: Submit, result: Result, grade: Any
) -> None:
    submit("ada")
    autograde(assignment, [result("ada")])
    source = assignment.folder / "mini.py"
    source.write_text(source.read_text().replace('"demo"', '"demonstration"'))

    def say_why(differences: Differences) -> Note:
        assert "cells and their ids" in differences.lines()[0]
        return Note("A demonstration has another name.")

    release(assignment, grade, say_why)
    with pytest.raises(SpeechmarkError, match="other cells"):
        autograde(assignment, [result("ada")])


def test_an_assignment_that_is_not_released_is_named(sources: Assignment, result: Result) -> None:
    with pytest.raises(SpeechmarkError, match=r"mini\.ipynb"):
        autograde(sources, [result("ada")])


def graded_cell(points: float) -> Notebook:
    marks = {"grade": True, "grade_id": "double", "locked": True, "points": points}
    return {"cell_type": "code", "metadata": {"nbgrader": {**marks, "solution": False}},
            "source": "", "outputs": [], "execution_count": None}  # fmt: skip


@given(score=st.floats(0, 2))
def test_nbgrader_reads_back_exactly_the_points_that_were_injected(score: float) -> None:
    notebook = from_dict({"cells": [graded_cell(2)]})
    inject(notebook, made(score))
    assert determine_grade(notebook.cells[0]) == (score, 2)


@pytest.mark.parametrize("score", [2.5, -1.0, float("nan"), float("inf")])
def test_points_that_do_not_fit_are_not_injected(score: float) -> None:
    notebook = from_dict({"cells": [graded_cell(2)]})
    with pytest.raises(NotGraded, match="do not fit"):
        inject(notebook, made(score))


def test_a_part_that_was_not_graded_is_no_full_score() -> None:
    notebook = from_dict({"cells": [graded_cell(2)]})
    with pytest.raises(NotGraded, match="no part"):
        inject(notebook, made(1.0).model_copy(update={"parts": []}))


def made(score: float) -> SubmissionResult:
    part = {"id": "double", "score": score, "max_score": 2, "outcome": "wrong", "tests": []}
    where = {"kit": "", "torch": "", "python": "", "device": "", "threads": 1, "level": 3,
             "suites": ""}  # fmt: skip
    return SubmissionResult.model_validate(
        {"name": "ada", "assignment": "mini", "key": "", "score": 0, "max_score": 2,
         "parts": [part], "environment": where}
    )  # fmt: skip
