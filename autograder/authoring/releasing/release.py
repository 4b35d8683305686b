"""The release: what students receive, made from the one source in ``solutions/``.

nbgrader's own ``generate_assignment`` clears the solutions and locks the cells. Nothing is
released unless the solution gets every automatic point, the untouched stub none, and no line of a
solution or of a hidden suite shows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.authoring.releasing import versions
from autograder.authoring.releasing.building import build, install, solved_notebook
from autograder.authoring.releasing.differences import Differences, compare
from autograder.authoring.releasing.leaks import Secret, leaks
from autograder.authoring.releasing.source import source_notebook
from autograder.authoring.releasing.versions import Note, packaged, same
from autograder.course.assignment import Assignment
from autograder.course.releases import current, read_files
from autograder.course.results import SubmissionResult
from autograder.notebooks import Notebook
from autograder.support import files
from autograder.support.console import doing
from autograder.support.errors import SpeechmarkError
from autograder.support.sentences import say


class Grade(Protocol):
    """Grades a notebook as if ``release`` were what students had received."""

    def __call__(self, notebook: Path, release: Path, /) -> SubmissionResult: ...


@dataclass(frozen=True)
class Released:
    """A release and whether it differs from what lay in its folder before."""

    folder: Path
    changed: bool
    version: int
    differences: Differences | None = None
    """From the release before, if this is a new version."""


def unsaid(differences: Differences) -> Note:
    """Where nobody can be asked what students should know of a new version: refuses to make it.

    Raises:
        SpeechmarkError: always, with what has changed.
    """
    listed = "\n".join(f"  {line}" for line in differences.lines())
    raise SpeechmarkError(
        f"{differences.assignment} has changed since release {differences.old}:\n{listed}\n"
        "Say what students should know of it, and where something else is asked than before: "
        '--note "The bar is lower." --contract PART'
    )


def release(
    assignment: Assignment, grade: Grade, say_why: Callable[[Differences], Note] = unsaid
) -> Released:
    """Regenerate ``assignments/<name>/``, and keep it in ``releases/`` if it is a new version.

    The old release stays in place unless everything is right; the new one replaces it whole,
    byte for byte the same if nothing changed. ``source/<name>/``, the build folder that stock
    ``nbgrader generate_assignment`` reads, is regenerated with it.

    Args:
        assignment: what to release.
        grade: grades the solution and the stub; called only when all else is right.
        say_why: asked what students should know, when the release becomes a new version.

    Raises:
        SpeechmarkError: with what is wrong in the source, one line for each thing.
    """
    solution = solved_notebook(assignment)
    last = current(assignment)
    assignment.course.state.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="release-", dir=assignment.course.state) as name:
        folder = Path(name)
        differences, note = None, None
        version = last.manifest.version if last else 1
        with doing(f"{assignment.name}: building the release..."):
            built = build(folder / "same", assignment, solution, version)
            package = packaged(assignment, read_files(built), last, None if last else _FIRST)
        if last and not same(package, last):
            differences = compare(last, package)
            note = _checked(assignment, say_why(differences))
            built = build(folder / "new", assignment, solution, version + 1)
            package = packaged(assignment, read_files(built), last, note)
            differences = compare(last, package)
        elif last:
            package = last
        with doing(f"{assignment.name}: looking for lines that must not show..."):
            found = leaks(_secrets(assignment, solution), built)
        if found:
            raise SpeechmarkError("The release would show what it must not:\n" + "\n".join(found))
        source = built.parents[1] / "source" / assignment.name
        notebook = built / f"{assignment.name}.ipynb"
        with doing(f"{assignment.name}: grading the solution..."):
            solved = grade(source / notebook.name, notebook)
        with doing(f"{assignment.name}: grading the untouched stub..."):
            stub = grade(notebook, notebook)
        _check_marks(assignment, solved, stub)
        whole = folder / "whole" / assignment.name
        for path, content in package.files.items():
            files.write(whole / path, content)
        install(source, assignment.course.root / "source" / assignment.name)
        changed = install(whole, assignment.release)
        versions.keep(assignment, package)
    return Released(assignment.release, changed, package.manifest.version, differences)


_FIRST = Note(say("release.first"))


def _checked(assignment: Assignment, note: Note) -> Note:
    parts = [part.id for part in assignment.settings.part]
    if unknown := sorted(set(note.contract) - set(parts)):
        raise SpeechmarkError(
            f"No such part: {', '.join(unknown)}. {assignment.name} has: {', '.join(parts)}."
        )
    if not note.text.strip():
        raise SpeechmarkError("A new release needs a note: what should students know of it?")
    return note


def _secrets(assignment: Assignment, solution: Notebook) -> list[Secret]:
    """The solutions and hidden suites of every assignment of the course, this one's first."""
    others = [a for a in assignment.course.assignments() if a.name != assignment.name]
    secrets = [Secret(assignment.name, solution, assignment.hidden_suites)]
    for other in others:
        notebook = source_notebook(other.folder / f"{other.name}.py")
        secrets.append(Secret(other.name, notebook, other.hidden_suites))
    return secrets


def _check_marks(
    assignment: Assignment, solution: SubmissionResult, stub: SubmissionResult
) -> None:
    wrong = []
    for result, whose in ((solution, "the solution"), (stub, "the untouched stub")):
        if not result.graded:
            wrong.append(f"{whose} was not graded: {'; '.join(result.notes)}")
    training = assignment.settings.training
    for part in assignment.automatic if not wrong else ():
        if training and part.id == training.part and _left_out(solution, part.id):
            continue  # no bar is known here yet: a first release is what calibration trains with
        for result, whose, due in (
            (solution, "the solution", part.points),
            (stub, "the untouched stub", 0.0),
        ):
            got = next((p for p in result.parts if p.id == part.id), None)
            if got is None or got.score != due or got.max_score != part.points:
                score = f"{got.score:g} of {got.max_score:g}" if got else "none"
                failed = [t.name for t in got.tests if not t.held] if got and due else []
                more = f" (failed: {', '.join(failed)})" if failed else ""
                wrong.append(f"{part.id}: {whose} must get {due:g} points and got {score}{more}")
    if wrong:
        raise SpeechmarkError("Not released:\n" + "\n".join(wrong))


def _left_out(result: SubmissionResult, part: str) -> bool:
    """Whether the training run of ``part`` was not made."""
    return any(found.id == part and not found.max_score for found in result.parts)
