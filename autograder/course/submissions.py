"""Which submissions there are, in a class or named one by one. Light to import."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.support.errors import SpeechmarkError


@dataclass(frozen=True)
class Submission:
    """A submitted notebook: whose it is, and where."""

    name: str
    path: Path
    refused: str = ""
    """Why the notebook is not even opened."""

    def notebook(self) -> Path:
        """The path to read.

        Raises:
            SpeechmarkError: it is not to be read.
        """
        if self.refused:
            raise SpeechmarkError(self.refused)
        return self.path


def submitted(assignment: Assignment) -> list[Submission]:
    """The submissions in nbgrader's layout, ``submitted/<student>/<assignment>/``.

    Whatever bears an assignment's name there is listed, so that no student is left out silently.

    Raises:
        SpeechmarkError: there is none.
    """
    root = assignment.course.root / "submitted"
    students = sorted(root.iterdir()) if root.is_dir() else []
    found = [
        Submission(_spelt(student.name), folder / f"{assignment.name}.ipynb", _refused(folder))
        for student in students
        if student.is_dir() and not student.name.startswith(".")
        if os.path.lexists(folder := student / assignment.name)
    ]
    if not found:
        raise SpeechmarkError(
            f"No submission in {root}. Put each student's notebook at "
            f"submitted/<student>/{assignment.name}/{assignment.name}.ipynb, or name "
            f"notebooks: speechmark grade {assignment.name} A.ipynb B.ipynb --out DIR"
        )
    return found


def _refused(folder: Path) -> str:
    if folder.is_symlink() or folder.parent.is_symlink():
        # It could lead to another student's work.
        return "The submission's folder is a link; a folder is needed."
    if _spelt(folder.parent.name) != folder.parent.name:
        # Neither a gradebook nor a result can hold such a name.
        return "The name of the submission's folder is not UTF-8; rename it."
    return "" if folder.is_dir() else f"{folder} is no folder; a folder is needed."


def _spelt(name: str) -> str:
    """``name`` as text that can be written; bytes of it that are not UTF-8 are spelt out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def loose(paths: Sequence[Path]) -> list[Submission]:
    """Notebooks outside a course; their names are the files', made unique by their folders.

    Raises:
        SpeechmarkError: a path is no file.
    """
    for path in paths:
        if not path.is_file():
            raise SpeechmarkError(f"{path} is not a file. Name the notebooks to grade.")
    stems = [path.stem for path in paths]
    return [
        Submission(_spelt(path.stem if stems.count(path.stem) == 1 else str(path)), path)
        for path in paths
    ]


def earlier(folders: Sequence[Path]) -> list[Submission]:
    """The notebooks of earlier terms, wherever they lie in ``folders``; named by their paths.

    Raises:
        SpeechmarkError: a folder is none, or holds no notebook.
    """
    found = []
    for folder in folders:
        paths = sorted(path for path in folder.rglob("*.ipynb") if path.is_file())
        if not paths:
            raise SpeechmarkError(f"{folder} holds no notebook to compare with.")
        found += [Submission(_spelt(str(path)), path) for path in paths]
    return found
