"""The application of the command line, and what several commands share: options, assignments."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.support.errors import SpeechmarkError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from autograder.course.assignment import Assignment, Course

STUDENTS, CLASS, STAFF = "Students", "A class", "Course staff"
"""Whose day a command belongs to; the help lists commands by it."""

app = typer.Typer(
    name="speechmark",
    help="Homework in self-supervised speech learning: release it, check it, grade it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Device(StrEnum):
    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


class Older(StrEnum):
    accept = "accept"
    refuse = "refuse"


Name = Annotated[str, typer.Argument(help="The assignment's name, a folder of solutions/.")]
Names = Annotated[
    list[str] | None, typer.Argument(help="Names of assignments; default: all of the course.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def _jobs(given: str) -> int:
    """The number of processes in ``--jobs N``; 0 for ``auto``."""
    if str(given) == "auto":
        return 0
    if not str(given).isdecimal():
        raise typer.BadParameter(f"{given!r} is neither a number nor auto.")
    return int(given)


Jobs = Annotated[
    int,
    typer.Option(
        parser=_jobs,
        metavar="N|auto",
        show_default="auto",
        help="Processes; auto: one for each core, 3 GiB of memory each.",
    ),
]
Level = Annotated[
    int, typer.Option(min=1, max=3, help="Refuse to work below this isolation level.")
]


def chosen(names: list[str] | None, with_submissions: bool = False) -> list[Assignment]:
    """The assignments of those names; without any all of the course.

    Args:
        names: as given on the command line.
        with_submissions: of all leave out those that nobody has handed in, if any was.
    """
    here = course()
    if names:
        return [here.assignment(name) for name in names]
    every = here.assignments()
    if not every:
        raise SpeechmarkError(f"{here.root / 'solutions'} holds no assignment.")
    if not with_submissions:
        return every
    from autograder.course.submissions import found_in

    return [a for a in every if found_in(here.root / "submitted", a.name)] or every


def course() -> Course:
    """The course that the working directory is in."""
    from autograder.course.assignment import Course

    return Course.find()


def advance(progress: Progress, task: TaskID, done: int, total: int) -> None:
    """Show on a bar how far a task is."""
    progress.update(task, completed=done, total=total)
