"""A made-up class for ``speechmark demo``, as each assignment's ``demo.toml`` describes it."""

from __future__ import annotations

import shutil
from pathlib import Path

from pydantic import Field, ValidationError

from autograder.course.assignment import Assignment, Course
from autograder.course.compose import filled, read_solution, solved
from autograder.course.settings import Settings, read_toml
from autograder.support import files
from autograder.support.errors import SpeechmarkError


class Student(Settings):
    """One made-up submission: solved by the reference, but for the parts named."""

    name: str
    right: dict[str, str] = Field(default={})
    wrong: dict[str, str] = Field(default={})
    code: dict[str, str] = Field(default={})
    untouched: bool = False
    answers: bool = True


class Class(Settings):
    """The whole of ``demo.toml``."""

    answers: dict[str, str] = Field(default={})
    student: tuple[Student, ...] = (Student(name="ada_reference"),)


def make_course(source: Course, folder: Path) -> Course:
    """A course of its own in ``folder``, with a class for each assignment in ``submitted/``.

    Args:
        source: the course whose assignments are handed in.
        folder: made anew; an earlier demo in it is removed.

    Raises:
        SpeechmarkError: a ``demo.toml`` is wrong.
    """
    classes = {assignment.name: class_of(assignment) for assignment in source.assignments()}
    if (folder / "demo-course").is_file():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo-course").touch()
    for part in ("solutions", "assignments"):
        shutil.copytree(source.root / part, folder / part, dirs_exist_ok=True)
    shutil.copy(source.root / "nbgrader_config.py", folder)
    for name, submissions in classes.items():
        for student, notebook in submissions.items():
            files.write(folder / "submitted" / student / name / f"{name}.ipynb", notebook)
    return Course(folder)


def class_of(assignment: Assignment) -> dict[str, bytes]:
    """Student to submitted notebook.

    Raises:
        SpeechmarkError: ``demo.toml`` is wrong; without that file there is one solved notebook.
    """
    file = assignment.folder / "demo.toml"
    try:
        made_up = Class.model_validate(read_toml(file) if file.is_file() else {})
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SpeechmarkError(f"{file}: {'; '.join(problems)}") from error

    def notebook(student: Student) -> bytes:
        if student.untouched:
            return filled(assignment, {})
        parts = dict(made_up.answers) if student.answers else {}
        for folder, chosen in (("right", student.right), ("wrong", student.wrong)):
            for part, name in chosen.items():
                path = assignment.folder / folder / f"{part}__{name}.py"
                parts[part] = read_solution(path).source
        return solved(assignment, parts | student.code)

    return {student.name: notebook(student) for student in made_up.student}
