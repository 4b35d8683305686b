"""Which submissions there are, in a class or named one by one. Light to import."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from autograder.course.assignment import Assignment
from autograder.course.copies import own_stem
from autograder.support.errors import SpeechmarkError

_STRAYS_SHOWN = 4


@dataclass(frozen=True)
class Submission:
    """A submitted notebook: whose it is, and where."""

    name: str
    path: Path
    refused: str = ""
    """Why the notebook is not even opened."""
    shown: bool = False
    """Whether the student is shown why, since it is the student's to put right."""

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

    Whatever bears an assignment's name there is listed, so that no student is left out silently:
    a notebook beside its place, under another name or in a zip is, and is refused with where to
    move it.

    Raises:
        SpeechmarkError: there is none.
    """
    root = assignment.course.root / "submitted"
    found = found_in(root, assignment.name)
    if not found:
        raise SpeechmarkError(
            f"No submission in {root}. Put each student's notebook at "
            f"submitted/<student>/{assignment.name}/{assignment.name}.ipynb, or name "
            f"notebooks: speechmark grade {assignment.name} A.ipynb B.ipynb --out DIR"
        )
    return found


def found_in(root: Path, assignment: str) -> list[Submission]:
    """The submissions of an assignment in the students' folders under ``root``, sorted by name."""
    students = sorted(root.iterdir()) if root.is_dir() else []
    found = (
        _of(student, assignment)
        for student in students
        if student.is_dir() and not student.name.startswith(".")
    )
    return [submission for submission in found if submission]


def _of(student: Path, assignment: str) -> Submission | None:
    folder = student / assignment
    path = folder / f"{assignment}.ipynb"
    if os.path.lexists(folder):
        refused = _refused(folder)
        if not refused and not os.path.lexists(path) and (strays := _strays(folder)):
            refused = _misplaced(strays, path)
        return Submission(_spelt(student.name), path, refused)
    if student.is_symlink():
        return None
    alike = [entry for entry in sorted(student.iterdir()) if _alike(entry.name, assignment)]
    strays = [entry for entry in alike if _is_work(entry)]
    strays += [stray for entry in alike if entry.is_dir() for stray in _strays(entry)]
    return Submission(_spelt(student.name), path, _misplaced(strays, path)) if strays else None


def _strays(folder: Path) -> list[Path]:
    """Notebooks and zips in a folder and in the folders in it, no link among them."""
    if folder.is_symlink():
        return []
    within = [e for e in sorted(folder.iterdir()) if e.is_dir() and not e.is_symlink()]
    return [e for each in (folder, *within) for e in sorted(each.iterdir()) if _is_work(e)]


def _is_work(path: Path) -> bool:
    regular = path.is_file() and not path.is_symlink()
    return regular and path.suffix.casefold() in (".ipynb", ".zip")


def _alike(name: str, assignment: str) -> bool:
    """Whether a name is the assignment's but for case, punctuation and what marks a copy."""
    return _letters(own_stem(name)) == _letters(assignment)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _misplaced(strays: list[Path], path: Path) -> str:
    """What lies there in a notebook's place, and where to move it."""
    root = path.parents[3]
    shown = [_spelt(str(stray.relative_to(root))) for stray in strays[:_STRAYS_SHOWN]]
    more = f" and {len(strays) - len(shown)} more" if len(strays) > len(shown) else ""
    to = path.relative_to(root)
    what = f"{to} is missing. There is {', '.join(shown)}{more}."
    if len(strays) > 1:
        return f"{what} Move the one that counts to {to}."
    if strays[0].suffix.casefold() == ".zip":
        return f"{what} Unpack its notebook to {to}."
    return (
        f"{what} Move it: mkdir -p {quote(str(to.parent))} && mv {quote(shown[0])} {quote(str(to))}"
    )


def _refused(folder: Path) -> str:
    if folder.is_symlink() or folder.parent.is_symlink():
        # It could lead to another student's work.
        return "The submission's folder is a link; a folder is needed."
    if _spelt(folder.parent.name) != folder.parent.name:
        # Neither a gradebook nor a result can hold such a name.
        return "The name of the submission's folder is not UTF-8; rename it."
    return "" if folder.is_dir() else f"{folder} is no folder; a folder is needed."


def _spelt(name: str) -> str:
    """``name`` as text that can be printed: bytes that are not UTF-8 as escapes."""
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
