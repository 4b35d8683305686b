"""The release: made from the source alone, and refused where it would give something away."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.authoring.releasing.differences import Differences
from autograder.authoring.releasing.leaks import Secret, leaks
from autograder.authoring.releasing.release import release
from autograder.authoring.releasing.source import source_notebook
from autograder.authoring.releasing.versions import Note
from autograder.course.assignment import Assignment, Course
from autograder.course.calibration import CorpusCalibration, Variant, as_text
from autograder.course.results import SubmissionResult
from autograder.support.errors import SpeechmarkError
from tests.conftest import ROOT, change

Grade = Callable[[Path, Path], SubmissionResult]


def noted(differences: Differences) -> Note:
    """What is said of every new version here."""
    return Note("Mended.")


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refused(assignment: Assignment, grade: Grade, says: str) -> None:
    """The release fails with ``says`` and leaves what was released before."""
    before = content(assignment.release)
    with pytest.raises(SpeechmarkError, match=says):
        release(assignment, grade, noted)
    assert content(assignment.release) == before
    assert not list(assignment.course.state.glob("release-*"))


def test_students_receive_the_notebook_without_solutions_and_the_public_suites(
    assignment: Assignment,
) -> None:
    files = {
        "mini.ipynb", "public/test_double.py", "public/released.json", "release.json",
        "CHANGELOG.md",
    }  # fmt: skip
    assert set(content(assignment.release)) == files
    notebook = json.loads(assignment.release_notebook.read_text())
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    stub = "".join(cells["double_solution"]["source"])
    assert '"""Twice x."""' in stub
    assert "raise NotImplementedError()" in stub
    assert "".join(cells["discussion"]["source"]) == "YOUR ANSWER HERE"
    assert all(not c.get("outputs") and not c.get("execution_count") for c in cells.values())
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert set(notebook["metadata"]) == {"kernelspec", "language_info", "speechmark"}
    assert notebook["metadata"]["speechmark"] == {"setup": ["setup"], "version": 1}


def test_a_release_of_the_same_source_is_the_same_to_the_byte(
    assignment: Assignment, grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(assignment.release)
    gradebook = (assignment.course.root / "gradebook.db").read_bytes()
    again = release(assignment, grade)
    assert (again.changed, again.version, again.differences) == (False, 1, None)
    monkeypatch.setenv("PATH", os.defpath)
    for path in assignment.release.rglob("*.*"):
        path.write_text("edited by hand")
    assert release(assignment, grade).changed
    assert content(assignment.release) == before
    assert (assignment.course.root / "gradebook.db").read_bytes() == gradebook


def test_cell_ids_stay_when_cells_are_added(sources: Assignment) -> None:
    before = {c["source"]: c["id"] for c in source_notebook(sources.folder / "mini.py")["cells"]}
    text = "# %% [markdown]\n"
    change(sources, "mini.py", text, f"{text}# New.\n\n{text}")
    after = {c["source"]: c["id"] for c in source_notebook(sources.folder / "mini.py")["cells"]}
    assert before.items() <= after.items()
    assert len(set(after.values())) == len(after)


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("mini.py", "# Halves and doubles", "# Write `twofold = x + x * 1`: halves", "twofold = x"),
        ("mini.py", "print(double", "return  x*0.5\nreturn x * 0.5 + math.sin(0)\n#", "return x"),
        ("mini.py", '"""Half of x."""', '"""return x * 0.5 + math.sin(0)"""', "return x"),
        ("mini.py", "# ## Discussion", "# A model answer about numbers.", "A model answer"),
        (
            "public/test_double.py",
            "    assert",
            '    assert student.double(21.5)  ==  43.0, "double.wrong"\n    assert',
            "43.0",
        ),
    ],
)
def test_a_line_of_a_solution_or_of_a_hidden_suite_is_never_released(
    assignment: Assignment, grade: Grade, name: str, old: str, new: str, line: str
) -> None:
    change(assignment, name, old, new)
    refused(assignment, grade, f"shows a line of .*{line}")


def secrets_of(course: Course) -> list[Secret]:
    """What no release of a course may show."""
    return [
        Secret(a.name, source_notebook(a.folder / f"{a.name}.py"), a.hidden_suites)
        for a in course.assignments()
    ]


def test_what_this_repository_hands_out_shows_no_line_of_any_of_its_assignments() -> None:
    course = Course(ROOT)
    secrets = secrets_of(course)
    assert all(secret.hidden for secret in secrets)
    for assignment in course.assignments():
        assert assignment.release_notebook.is_file()
        assert leaks(secrets, assignment.release) == []


def with_second(assignment: Assignment) -> Assignment:
    """Another assignment in the same course, whose secrets are its own."""
    course = assignment.course
    folder = course.root / "solutions" / "second"
    shutil.copytree(assignment.folder, folder)
    (folder / "mini.py").rename(folder / "second.py")
    second = course.assignment("second")
    change(second, "assignment.toml", 'name = "mini"', 'name = "second"')
    change(second, "second.py", "twofold = x + x * 1", "doubled_once = 3 * x - x")
    change(second, "hidden/test_double.py", "student.double(21.5)", "student.double(-77.25)")
    return course.assignment("second")


@pytest.mark.parametrize(
    ("line", "whose"),
    [
        ("doubled_once = 3 * x - x", "the solution of second"),
        (
            "    assert student.double(-77.25) == 43.0, 'double.wrong'",
            "the hidden test_double.py of",
        ),
    ],
)
def test_a_line_of_another_assignment_of_the_course_is_never_released_either(
    assignment: Assignment, grade: Grade, line: str, whose: str
) -> None:
    second = with_second(assignment)
    quoted = line.replace("'", '"')
    change(assignment, "public/test_double.py", "    assert", f"    {quoted.strip()}\n    assert")
    refused(assignment, grade, whose)
    (second.folder / "assignment.toml").unlink()  # no assignment any more
    assert release(assignment, grade, noted).changed


def test_what_every_program_says_is_no_leak(assignment: Assignment, grade: Grade) -> None:
    change(assignment, "hidden/test_double.py", "    assert", "    x = 1\n    return x\n    assert")
    change(assignment, "public/test_double.py", "    assert", "    x = 1\n    return x\n    assert")
    assert release(assignment, grade, noted).changed


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ({"double": 1.0}, r"double: the solution must get 2 points and got 1 of 2 .*test_secret"),
        ({"graded": False, "notes": ["the disk is full"]}, "not graded: the disk is full"),
    ],
)
def test_a_solution_without_full_marks_is_not_released(
    assignment: Assignment,
    result: Callable[..., SubmissionResult],
    points: dict[str, object],
    says: str,
) -> None:
    change(assignment, "mini.py", "Halves and doubles", "Doubles and halves")
    refused(assignment, lambda notebook, released: result(**points), says)


def test_a_stub_with_any_points_is_not_released(
    assignment: Assignment, result: Callable[..., SubmissionResult]
) -> None:
    change(assignment, "mini.py", "Halves and doubles", "Doubles and halves")
    grade = lambda notebook, released: result(halve=0.5 if notebook == released else 3.0)  # noqa: E731
    refused(assignment, grade, "halve: the untouched stub must get 0 points and got 0.5 of 3")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"points": 3', '"points": 2', "'halve' must be graded with 3 points"),
        ('"grade_id": "halve_solution", "solution": true', '"grade_id": "other", "locked": true',
         "'halve_solution' must be a solution cell"),
        ('# %% nbgrader={"grade_id": "demo", "locked": true}', "# %%", "not marked"),
        ("    ### END SOLUTION\n", "", "END SOLUTION|end solution"),
        ("print(double", "### BEGIN HIDDEN TESTS\nprint(double", "hidden/"),
    ],
)  # fmt: skip
def test_a_source_that_nbgrader_would_mistake_is_refused(
    assignment: Assignment, grade: Grade, old: str, new: str, says: str
) -> None:
    change(assignment, "mini.py", old, new)
    refused(assignment, grade, says)


def test_a_source_that_is_missing_is_named(sources: Assignment, grade: Grade) -> None:
    (sources.folder / "mini.py").unlink()
    refused(sources, grade, r"mini\.py")


RUN = """
[training]
part = "halve"
corpora = ["fsdd", "synthetic"]
inputs = ["mels"]
seed = 4
recipe = { steps = 3, rate = 0.5 }
[[training.measure]]
name = "probe"
of = "after"
by = "linear_probe"
title = "ear & eye"
calibrated = true
[[training.tier]]
name = "bar"
demand = "The probe is above the bar."
measure = "probe"
above = ["calibrated"]
hint = "halve.bar"
[[training.curve]]
name = "loss"
title = "The loss"
"""


def calibrated(bar: float) -> CorpusCalibration:
    runs = Variant(kind="reference", values={"probe": (0.9, 0.91)}, correct=True, chance=0.0)
    return CorpusCalibration(
        bars={"probe": bar}, recipe={}, chance_of_failing=0.0, variants={"reference": runs},
        digest="", made_with={},
    )  # fmt: skip


@pytest.fixture
def trained(assignment: Assignment) -> Assignment:
    """The small assignment with a training run whose bars are known."""
    file = assignment.folder / "assignment.toml"
    file.write_text(file.read_text() + RUN)
    (assignment.folder / "public" / "training.py").write_text("def build(): ...\n")
    text = as_text({"fsdd": calibrated(0.655), "synthetic": calibrated(0.6)})
    (assignment.folder / "calibration.json").write_text(text)
    return assignment.course.assignment("mini")


def test_with_the_run_students_receive_its_settings_titles_and_bars(
    trained: Assignment, grade: Grade
) -> None:
    release(trained, grade, noted)
    files = content(trained.release)
    own = (trained.folder / "public" / "training.py").read_bytes()
    assert files["public/training.py"] == own
    assert json.loads(files["public/training.json"]) == {
        "seed": 4,
        "corpora": ["fsdd", "synthetic"],
        "recipe": {"steps": 3, "rate": 0.5},
        "measures": [{"name": "probe", "of": "after", "by": "linear_probe", "title": "ear & eye"}],
        "curves": [{"name": "loss", "title": "The loss"}],
        "bars": {"fsdd": {"probe": 0.655}, "synthetic": {"probe": 0.6}},
    }
    assert not {"secret", "measures.py", "calibration.json"} & {Path(f).name for f in files}


def test_a_bar_in_the_text_is_filled_in_from_the_calibration(
    trained: Assignment, grade: Grade
) -> None:
    asked = "To reach: {bar probe fsdd}, or {bar probe synthetic}; {bar probe fsdd} is for speech."
    change(trained, "mini.py", "# Halves and doubles", f"# {asked} Halves and doubles")
    release(trained, grade, noted)
    told = "To reach: 65.5 %, or 60.0 %; 65.5 % is for speech. Halves and doubles"
    assert told in "".join(
        "".join(cell["source"])
        for cell in json.loads(trained.release_notebook.read_text())["cells"]
    )


@pytest.mark.parametrize("bar", ["{bar probe audiomnist}", "{bar prob fsdd}"])
def test_a_bar_that_there_is_not_is_refused_with_those_there_are(
    trained: Assignment, grade: Grade, bar: str
) -> None:
    change(trained, "mini.py", "# Halves and doubles", f"# {bar} Halves and doubles")
    refused(trained, grade, rf"\{bar[:-1]}\}} is no calibrated bar.*\{{bar probe fsdd\}}")


def test_the_first_release_is_made_before_anything_is_calibrated(
    trained: Assignment, result: Callable[..., SubmissionResult]
) -> None:
    """Calibration trains with it; the run's own part cannot be marked yet, and the others are."""
    (trained.folder / "calibration.json").unlink()
    change(trained, "mini.py", "# Halves and doubles", "# {bar probe fsdd} Halves and doubles")
    first = Course(trained.course.root).assignment("mini")

    def untrained(double: float) -> SubmissionResult:
        """As the grader says it of a run that was not made: no points, and none to be had."""
        made = result(double=double, halve=0.0)
        double_part, halve_part = made.parts
        left_out = halve_part.model_copy(update={"max_score": 0.0})
        return made.model_copy(update={"parts": [double_part, left_out]})

    def grade(notebook: Path, released: Path) -> SubmissionResult:
        return untrained(0.0 if notebook == released else 2.0)

    assert release(first, grade, noted).changed
    assert "(not calibrated yet) Halves" in first.release_notebook.read_text()
    settings = json.loads((first.release / "public" / "training.json").read_text())
    assert settings["bars"] == {}
    change(first, "mini.py", "Halves and doubles", "Doubles and halves")
    refused(first, lambda notebook, released: untrained(1.0), "double: the solution must get")
    missed = "halve: the solution must get 3 points and got 0 of 3"
    refused(first, lambda notebook, released: result(halve=0.0), missed)


def test_a_bar_of_a_measure_of_another_corpus_is_never_made_up(
    trained: Assignment, grade: Grade
) -> None:
    (trained.folder / "calibration.json").unlink()
    change(trained, "mini.py", "# Halves and doubles", "# {bar probe audiomnist} Halves")
    refused(Course(trained.course.root).assignment("mini"), grade, "nothing is calibrated")
