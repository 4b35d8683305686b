"""Every student who handed anything in is in the list, and what is no folder is not opened."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment, Course
from autograder.course.submissions import loose, submitted
from autograder.support.errors import SpeechmarkError
from tests.conftest import ROOT


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    """The course's assignment in a folder with an empty class."""
    (tmp_path / "solutions").symlink_to(ROOT / "solutions")
    (tmp_path / "submitted").mkdir()
    return Course(tmp_path).assignment("contrastive")


def student(assignment: Assignment, name: str) -> Path:
    folder = assignment.course.root / "submitted" / name
    folder.mkdir()
    return folder / "contrastive"


def test_students_with_a_folder_are_listed_by_name(assignment: Assignment) -> None:
    for name in ("bea", "ada", ".cache"):
        student(assignment, name).mkdir()
    student(assignment, "chi")
    found = submitted(assignment)
    assert [submission.name for submission in found] == ["ada", "bea"]
    assert all(s.notebook().name == "contrastive.ipynb" for s in found)


@pytest.mark.parametrize("kind", ["file", "pipe", "link", "link to nowhere"])
def test_what_is_no_folder_is_listed_and_refused(assignment: Assignment, kind: str) -> None:
    student(assignment, "honest").mkdir()
    folder = student(assignment, "eve")
    if kind == "file":
        folder.touch()
    elif kind == "pipe":
        os.mkfifo(folder)
    else:
        folder.symlink_to("../honest/contrastive" if kind == "link" else "nowhere")
    found = {submission.name: submission for submission in submitted(assignment)}
    assert found.keys() == {"eve", "honest"}
    with pytest.raises(SpeechmarkError, match="a folder is needed"):
        found["eve"].notebook()


def test_a_student_who_is_a_link_is_listed_and_refused(assignment: Assignment) -> None:
    student(assignment, "honest").mkdir()
    (assignment.course.root / "submitted" / "eve").symlink_to("honest")
    with pytest.raises(SpeechmarkError, match="is a link"):
        submitted(assignment)[0].notebook()


def test_an_empty_class_is_a_message_that_says_where_work_belongs(assignment: Assignment) -> None:
    with pytest.raises(SpeechmarkError, match="submitted/<student>"):
        submitted(assignment)


def test_loose_notebooks_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "a.ipynb" for folder in ("x", "y")]
    for path in paths:
        path.parent.mkdir()
        path.touch()
    assert [submission.name for submission in loose(paths)] == [str(path) for path in paths]
    with pytest.raises(SpeechmarkError, match="not a file"):
        loose([tmp_path / "absent.ipynb"])


def test_a_student_whose_name_is_not_utf8_is_listed_and_refused(assignment: Assignment) -> None:
    student(assignment, "ada").mkdir()
    student(assignment, os.fsdecode(b"M\xfcller")).mkdir()
    refused, fine = submitted(assignment)
    assert fine.name == "ada"
    assert refused.name.encode() == rb"M\xfcller"
    with pytest.raises(SpeechmarkError, match="not UTF-8; rename it"):
        refused.notebook()


def test_a_loose_notebook_has_a_name_that_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"M\xfcller.ipynb")
    path.touch()
    (submission,) = loose([path])
    assert submission.name.encode() == rb"M\xfcller"
    assert submission.notebook() == path


def handed_in(assignment: Assignment, path: str, content: bytes = b"{}") -> None:
    file = assignment.course.root / "submitted" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.mark.parametrize(
    "path",
    [
        "contrastive.ipynb",
        "Contrastive/contrastive.ipynb",
        "Copy of contrastive.ipynb",
        "contrastive/Copy of contrastive.ipynb",
        "contrastive/contrastive-1.ipynb",
        "contrastive/contrastive (1).ipynb",
        "contrastive/homework.ipynb",
        "contrastive/contrastive/contrastive.ipynb",
        "contrastive (1)/contrastive.ipynb",
    ],
)
def test_a_misplaced_notebook_is_listed_with_the_command_that_moves_it(
    assignment: Assignment, path: str
) -> None:
    handed_in(assignment, f"O'Hara/{path}", b"the work")
    handed_in(assignment, "ada/contrastive/contrastive.ipynb")
    ada, ohara = sorted(submitted(assignment), key=lambda submission: submission.name.casefold())
    assert ada.notebook().is_file()
    with pytest.raises(SpeechmarkError) as refused:
        ohara.notebook()
    assert f"There is submitted/O'Hara/{path}." in str(refused.value)
    command = str(refused.value).partition("Move it: ")[2]
    subprocess.run(command, shell=True, cwd=assignment.course.root, check=True)
    (moved,) = (s for s in submitted(assignment) if s.name == "O'Hara")
    assert moved.notebook().read_bytes() == b"the work"


def test_a_zip_and_several_notebooks_are_named_too(assignment: Assignment) -> None:
    handed_in(assignment, "zoe/contrastive.zip")
    for name in ("a", "b"):
        handed_in(assignment, f"bea/contrastive/{name}.ipynb")
    bea, zoe = submitted(assignment)
    assert "Unpack its notebook to submitted/zoe/contrastive/contrastive.ipynb" in zoe.refused
    assert "bea/contrastive/a.ipynb, submitted/bea/contrastive/b.ipynb" in bea.refused
    assert "Move the one that counts to submitted/bea/contrastive/contrastive.ipynb" in bea.refused


def test_other_work_of_a_student_is_not_taken_for_this_one(assignment: Assignment) -> None:
    handed_in(assignment, "ada/contrastive/contrastive.ipynb")
    handed_in(assignment, "bea/masked/masked.ipynb")
    handed_in(assignment, "chi/non_contrastive.ipynb")
    (assignment.course.root / "submitted" / "dan").mkdir()
    assert [submission.name for submission in submitted(assignment)] == ["ada"]


def test_a_link_is_no_misplaced_notebook(assignment: Assignment) -> None:
    handed_in(assignment, "ada/contrastive/contrastive.ipynb")
    folder = assignment.course.root / "submitted" / "eve"
    folder.mkdir()
    (folder / "contrastive.ipynb").symlink_to("../ada/contrastive/contrastive.ipynb")
    assert [submission.name for submission in submitted(assignment)] == ["ada"]
