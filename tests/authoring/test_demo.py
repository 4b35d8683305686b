"""The made-up class is what ``demo.toml`` says, in a course of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import notebooks
from autograder.authoring.demo import Class, class_of, make_course
from autograder.course.assignment import Assignment, Course
from autograder.course.compose import read_solution
from autograder.course.settings import read_toml
from autograder.support.errors import SpeechmarkError
from tests.conftest import copy_course


def cells_of(assignment: Assignment, content: bytes) -> dict[str, str]:
    """Part to what a notebook has in its cell."""
    release = notebooks.read(assignment.release_notebook)
    rebuilt = notebooks.rebuild(notebooks.read(content), release)
    return {cell.part: cell.source for cell in rebuilt.cells if cell.kind == "solution"}


def test_the_class_has_right_work_mistakes_a_crash_a_loop_and_the_untouched_release(contrastive):
    made = class_of(contrastive)
    settings = Class.model_validate(read_toml(contrastive.folder / "demo.toml"))
    assert list(made) == [student.name for student in settings.student]
    assert len(made) >= 10
    cells = {name: cells_of(contrastive, content) for name, content in made.items()}
    for student in settings.student:
        own = cells[student.name]
        for folder, chosen in (("right", student.right), ("wrong", student.wrong)):
            for part, name in chosen.items():
                path = contrastive.folder / folder / f"{part}__{name}.py"
                assert own[part].strip() == read_solution(path).source.strip()
        for part, source in student.code.items():
            assert own[part].strip() == source.strip()
        touched = {*student.right, *student.wrong, *student.code}
        if not student.untouched:
            rest = contrastive.reference_cells.keys() - touched
            assert {p: own[p] for p in rest} == {p: contrastive.reference_cells[p] for p in rest}
    assert sum(student.untouched for student in settings.student) == 1
    assert cells["fay_untouched"] == {}
    assert sum(bool(student.right) for student in settings.student) >= 4
    mistaken = [part for student in settings.student for part in student.wrong]
    assert len(set(mistaken)) == len(mistaken) >= 4
    assert any("while" in source for s in settings.student for source in s.code.values())


def test_written_answers_are_those_of_the_students_who_gave_one(contrastive):
    settings = Class.model_validate(read_toml(contrastive.folder / "demo.toml"))
    (answer,) = settings.answers.values()
    made = class_of(contrastive)
    answered = {
        name
        for name, content in made.items()
        if answer in [cell["source"] for cell in notebooks.read(content)["cells"]]
    }
    expected = {s.name for s in settings.student if s.answers and not s.untouched}
    assert answered == expected < made.keys()


def test_the_demo_is_a_course_of_its_own_and_is_made_anew_each_time(contrastive, tmp_path):
    stale = tmp_path / "demo" / "submitted" / "somebody"
    for _ in range(2):
        course = make_course(contrastive.course, tmp_path / "demo")
        assert Course.find(course.root).root == course.root
        assert not stale.exists()
        stale.mkdir()
        submitted = list(course.root.glob("submitted/*/contrastive/contrastive.ipynb"))
        assert len(submitted) == len(class_of(contrastive))


def test_a_folder_that_is_no_demo_is_not_emptied(contrastive, tmp_path):
    mine = tmp_path / "demo" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work")
    make_course(contrastive.course, tmp_path / "demo")
    assert mine.read_text() == "years of work"


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return Course(copy_course(tmp_path / "course")).assignment("contrastive")


def test_every_assignment_of_the_course_has_a_class(assignment, tmp_path):
    import shutil

    root = assignment.course.root
    for part in ("solutions", "assignments"):
        shutil.copytree(root / part / "contrastive", root / part / "second")
    (root / "assignments/second/contrastive.ipynb").rename(root / "assignments/second/second.ipynb")
    (root / "solutions/second/contrastive.py").rename(root / "solutions/second/second.py")
    settings = root / "solutions/second/assignment.toml"
    settings.write_text(settings.read_text().replace('"contrastive"', '"second"', 1))
    (root / "solutions/second/demo.toml").unlink()
    course = make_course(Course(root), tmp_path / "demo")
    assert len(list(course.root.glob("submitted/*/contrastive"))) >= 10
    assert [p.parent.name for p in course.root.glob("submitted/*/second")] == ["ada_reference"]


def test_without_a_demo_file_one_solved_notebook_is_handed_in(assignment):
    (assignment.folder / "demo.toml").unlink()
    ((_, content),) = class_of(assignment).items()
    assert cells_of(assignment, content) == assignment.reference_cells


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[student]]\nname = "a"\nwright = {}', "wright"),
        ('[[student]]\nright = { fade = "where" }', "name"),
        (
            '[[student]]\nname = "a"\nright = { fade = "nothing_of_the_name" }',
            "nothing_of_the_name",
        ),
        ("[[student", "demo.toml"),
    ],
)
def test_a_mistake_in_the_demo_file_is_named(assignment, tmp_path, text, told):
    (assignment.folder / "demo.toml").write_text(text)
    with pytest.raises(SpeechmarkError, match=told):
        make_course(assignment.course, tmp_path / "demo")
    assert not (tmp_path / "demo").exists()
