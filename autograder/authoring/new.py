"""A small assignment to begin with, for ``speechmark new``: it is graded as it stands.

Its files lie under ``template/``: ``plain`` is one part, ``training`` adds a part with a training
run, ``course`` is what a folder needs besides ``solutions/`` to be a course.
"""

from __future__ import annotations

import keyword
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from autograder.course.assignment import Assignment, Course
from autograder.support import files
from autograder.support.errors import SpeechmarkError

TEMPLATE = Path(__file__).with_name("template")

_BINARY = ".safetensors"


def new(course: Course, name: str, title: str | None = None, training: bool = False) -> Assignment:
    """Write ``solutions/<name>/``, all of it or nothing.

    Args:
        course: which gets another assignment.
        name: of the folder and of the notebook, a Python identifier.
        title: what students read; default: the name in words.
        training: with a part that a training run decides.

    Raises:
        SpeechmarkError: the name is no identifier, there is such a folder, or this is the wheel
            for students.
    """
    if not TEMPLATE.is_dir():
        raise SpeechmarkError(
            "This speechmark comes from the wheel for students, which holds no assignment to begin "
            "with. Install it from the product's source."
        )
    if not (name.isascii() and name.isidentifier()) or keyword.iskeyword(name):
        raise SpeechmarkError(
            f"{name!r} cannot be a name: it must be a Python identifier, such as find_speech."
        )
    target = course.root / "solutions" / name
    if target.exists():
        raise SpeechmarkError(f"{target} is there already. Choose another name, or remove it.")
    words = {"__NAME__": name, "__TITLE__": title or name.replace("_", " ").capitalize()}
    course.state.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="new-", dir=course.state) as scratch:
        made = Path(scratch) / name
        _fill(TEMPLATE / "plain", made, words)
        if training:
            _fill(TEMPLATE / "training", made, words)
            files.write(made / "secret", f"{secrets.token_hex(16)}\n".encode())
        made.rename(target)
    return Assignment(course, target)


def course_here() -> Course:
    """The course that the working directory is in; an empty directory is made one.

    Raises:
        SpeechmarkError: there is none, and the directory holds something.
    """
    try:
        return Course.find()
    except SpeechmarkError:
        folder = Path.cwd()
        if "SPEECHMARK_COURSE" in os.environ or any(folder.glob("[!.]*")):
            raise
    (folder / "solutions").mkdir()
    for source, name in (("gitignore", ".gitignore"), ("nbgrader_config.py",) * 2):
        if not (folder / name).exists():
            shutil.copyfile(TEMPLATE / "course" / source, folder / name)
    return Course(folder)


def _fill(template: Path, folder: Path, words: dict[str, str]) -> None:
    """Copy the files of a template, with ``words`` put in their places."""
    for path in sorted(p for p in template.rglob("*") if p.is_file()):
        if "__pycache__" in path.parts:
            continue
        target = folder / _with(path.relative_to(template).as_posix(), words)
        content = path.read_bytes()
        if path.suffix != _BINARY:
            content = _with(content.decode("utf-8"), words).encode()
        files.write(target, content)


def _with(text: str, words: dict[str, str]) -> str:
    for word, put in words.items():
        text = text.replace(word, put)
    return text
