"""Which submissions there are, in a class or named one by one. Light to import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import SpeechmarkError


@dataclass(frozen=True)
class Submission:
    """A submitted notebook: whose it is, and where."""

    name: str
    path: Path
    linked: bool = False
    """Whether a folder of the class is a link, which could lead to another student's work."""


def submitted(assignment: Assignment) -> list[Submission]:
    """The submissions in nbgrader's layout, ``submitted/<student>/<assignment>/``.

    Raises:
        SpeechmarkError: there is none.
    """
    root = assignment.course.root / "submitted"
    found = [
        Submission(
            folder.parent.name,
            folder / f"{assignment.name}.ipynb",
            linked=folder.is_symlink() or folder.parent.is_symlink(),
        )
        for folder in sorted(root.glob(f"*/{assignment.name}"))
        if folder.is_dir() and not folder.parent.name.startswith(".")
    ]
    if not found:
        raise SpeechmarkError(
            f"No submission in {root}. Put each student's notebook at "
            f"submitted/<student>/{assignment.name}/{assignment.name}.ipynb, or name "
            f"notebooks: speechmark grade {assignment.name} A.ipynb B.ipynb --out DIR"
        )
    return found


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
        Submission(path.stem if stems.count(path.stem) == 1 else str(path), path) for path in paths
    ]
