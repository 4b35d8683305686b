"""Commands of course staff: what students receive, in versions."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.app import STAFF, AsJson, Level, Name, Names, app, chosen, course
from autograder.support.console import doing, err, out, unmarked

if TYPE_CHECKING:
    from autograder.authoring.releasing.differences import Differences
    from autograder.authoring.releasing.versions import Note
    from autograder.course.assignment import Assignment
    from autograder.course.results import SubmissionResult


@app.command(rich_help_panel=STAFF)
def release(
    assignments: Names = None,
    level: Level = 3,
    note: Annotated[
        str | None,
        typer.Option(help="What students should know of a new version; default: you are asked."),
    ] = None,
    contract: Annotated[
        list[str] | None,
        typer.Option(metavar="PART", help="Something else is asked in this part; may be repeated."),
    ] = None,
) -> None:
    """Regenerate what students receive, from the one source in solutions/.

    The old release stays in place if the solution does not get every point, if
    the untouched stub gets any, or if a line of a solution or of a hidden suite
    would leak. What has changed becomes a new version, kept in releases/ and
    told in the assignment's CHANGELOG.md; commit both.
    """
    from autograder.authoring.releasing.versions import Note

    given = None if note is None else Note(note, tuple(contract or ()))
    for assignment in chosen(assignments):
        release_one(assignment, level, given)


@app.command(rich_help_panel=STAFF)
def kit(
    assignments: Names = None,
    folder: Annotated[Path, typer.Option("--out", help="Where the zips go.")] = Path("dist"),
    wheel: Annotated[
        Path | None, typer.Option(exists=True, help="Of speechmark; default: it is built.")
    ] = None,
) -> None:
    """Make one zip for students of an assignment's release.

    Notebook, public checks, speechmark itself without anything secret, changelog,
    and a README: how to install, check and hand in, and whom to ask (course.toml).
    """
    from autograder.authoring.releasing.kit import make_kit

    for assignment in chosen(assignments):
        with doing(f"{assignment.name}: building the kit..."):
            made = make_kit(assignment, folder, wheel)
        size = made.stat().st_size / 1e6
        out.print(f"{unmarked(str(made))}: {size:.1f} MB", soft_wrap=True, highlight=False)


@app.command(rich_help_panel=STAFF)
def diff(
    assignment: Name,
    old: Annotated[str, typer.Argument(help="A version such as 1, or a kit or release as a zip.")],
    new: Annotated[str, typer.Argument(help="Likewise.")],
    as_json: AsJson = False,
) -> None:
    """Say what differs between two releases, and whether older work is judged the same."""
    from autograder.authoring.releasing.differences import compare
    from autograder.course.releases import named

    which = course().assignment(assignment)
    found = compare(named(which, old), named(which, new))
    if as_json:
        print(json.dumps(found.as_json()))
        return
    out.print(unmarked("\n".join(found.lines())), highlight=False, soft_wrap=True)


def release_one(assignment: Assignment, level: int, note: Note | None) -> None:
    """Release one assignment and say what changed.

    Args:
        assignment: what is released.
        level: isolation level that its solution is graded at.
        note: what is said of a new version; None: ask.
    """
    from autograder.authoring.releasing.release import release as make_release
    from autograder.authoring.releasing.release import unsaid
    from autograder.grading.grader import Grader
    from autograder.grading.job import Job

    def grade(notebook: Path, released: Path) -> SubmissionResult:
        job = Job(assignment, level, train=can_train(assignment), release=released)
        with Grader(job) as grader:
            return grader.result(notebook.stem, notebook)

    def say_why(differences: Differences) -> Note:
        if note is not None:
            return note
        return _asked(differences) if sys.stdin.isatty() else unsaid(differences)

    made = make_release(assignment, grade, say_why)
    state = "Released" if made.changed else "Unchanged"
    where = unmarked(str(made.folder))
    out.print(f"{state}: {where}, release {made.version}", soft_wrap=True, highlight=False)
    if note and not made.differences:
        err.print("Nothing has changed, so the note is not kept.")
    if made.differences:
        out.print(unmarked("\n".join(made.differences.lines())), highlight=False, soft_wrap=True)


def _asked(differences: Differences) -> Note:
    """What a person at the terminal says of a new version."""
    from autograder.authoring.releasing.versions import Note

    err.print(f"{differences.assignment} has changed since release {differences.old}:")
    err.print(unmarked("\n".join(differences.lines())), highlight=False)
    text = err.input("What should students know of it? ").strip()
    parts = err.input("Parts of which something else is asked than before, if any: ")
    return Note(text, tuple(parts.replace(",", " ").split()))


def can_train(assignment: Assignment) -> bool:
    """Whether there is a run, and its bars are known on the corpus at hand; says so if not."""
    training = assignment.settings.training
    if training is None:
        return False
    from autograder.grading.exam import choose_corpus

    corpus = choose_corpus(assignment, None)
    if not training.calibrated or corpus in assignment.calibrations:
        return True
    err.print(
        f"{unmarked(assignment.name)}: no bar is calibrated on the corpus {unmarked(corpus)}, so "
        "its training run is left out.",
        soft_wrap=True,
    )
    return False
