"""Commands between a class and the system that it hands in with."""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.app import CLASS, AsJson, Name, app, course
from autograder.support.console import err, out, unmarked
from autograder.support.errors import SpeechmarkError

if TYPE_CHECKING:
    from datetime import tzinfo

    from traitlets.config import Config

    from autograder.lms.collect import Collected, Pattern
    from autograder.lms.roster import Roster


@app.command(rich_help_panel=CLASS)
def collect(
    assignment: Name,
    where: Annotated[
        Path, typer.Argument(help="The download: a zip, or a folder with zips or notebooks.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")
    ] = False,
    pattern: Annotated[
        str | None,
        typer.Option(
            metavar="REGEX",
            help="Read paths with this, as nbgrader's named_regexp, for an unknown system.",
        ),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(help="Time zone of times that say none, such as Europe/Berlin."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Lay what a course's system downloaded where nbgrader looks for it.

    Knows the downloads of Moodle, Canvas, Gradescope and Google, and folders of
    notebooks that are named after their students. Whose a file is, students.csv
    says (id,first_name,last_name,email,group,extension); of several hand-ins
    the latest counts. Says of each file where it went, or why not.
    """
    from autograder.authoring.releasing.building import make_source
    from autograder.course.timestamps import Clock
    from autograder.lms.collect import collect as run
    from autograder.lms.roster import read_roster
    from autograder.nbgrader.config import course_config

    which = course().assignment(assignment)
    roster = read_roster(which.course.root)
    config = course_config(which.course.root)
    found = run(
        which,
        where,
        roster,
        dry_run=dry_run,
        pattern=_pattern(config, pattern),
        zone=_zone(zone),
        clock=Clock.of(config),
    )
    if not dry_run:
        make_source(which)
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
        return
    _show(found, roster, dry_run)
    if any(entry.done in ("new", "replaced") for entry in found.entries) and not dry_run:
        err.print(f"Next: speechmark grade {assignment}", highlight=False)


class System(StrEnum):
    """Where grades go."""

    canvas = "canvas"
    moodle = "moodle"
    gradescope = "gradescope"
    google = "google"
    csv = "csv"


@app.command(rich_help_panel=CLASS)
def export(
    assignment: Name,
    to: Annotated[System, typer.Option(help="Whose import is to read it.")] = System.csv,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only what is not as it was exported there last.")
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The system's own export (Moodle's grading worksheet, Canvas's gradebook): "
            "its rows are kept, and grades filled in.",
        ),
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="Title of the column in Canvas or Google, if another.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Where the files go; default: export/.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write grades and feedback as a course's system imports them.

    Grades are those of nbgrader's gradebook, manual grading and lateness
    included; who waits for a person is left out, and named. Beside them goes a
    zip of the pages that nbgrader generate_feedback made.
    """
    from autograder.commands.exporting import write

    which = course().assignment(assignment)
    done = write(
        which,
        to.value,
        changed=changed,
        into=into,
        title=column or which.settings.title,
        folder=folder or which.course.root / "export",
    )
    if as_json:
        print(json.dumps(done.as_json(), ensure_ascii=False))
        return
    for path in done.files:
        out.print(f"Written: {unmarked(str(path))}", soft_wrap=True, highlight=False)
    for what, names in done.lists().items():
        if names:
            said = f"{len(names)} {what}: {', '.join(names)}"
            out.print(unmarked(said), soft_wrap=True, highlight=False)


def _show(found: Collected, roster: Roster, dry_run: bool) -> None:
    for entry in found.entries:
        whose = ", ".join(roster.get(student).name for student in entry.students)
        style = {"unknown": "bold red", "skipped": "yellow", "new": "green"}.get(entry.done, "")
        done = f"[{style}]{entry.done:9}[/]" if style else f"{entry.done:9}"
        said = "  ".join(filter(None, (whose, entry.path, entry.why)))
        out.print(f"{done} {unmarked(said)}", highlight=False, soft_wrap=True)
    counts = Counter(entry.done for entry in found.entries)
    said = ", ".join(f"{count} {done}" for done, count in counts.most_common()) or "no notebook"
    out.print(f"{said}{'; nothing was changed' if dry_run else ''}", highlight=False)
    if not roster:
        err.print("There is no students.csv, so names are those of the download.")
    for note in found.notes:
        err.print(unmarked(note), highlight=False)
    if found.missing:
        names = ", ".join(roster.get(student).name for student in found.missing)
        out.print(f"Nothing from {unmarked(names)}", highlight=False, soft_wrap=True)


def _pattern(config: Config, given: str | None) -> Pattern | None:
    """nbgrader's collector with the pattern given, or with that of the course's settings."""
    if given:
        config.FileNameCollectorPlugin.named_regexp = given
    if "FileNameCollectorPlugin" not in config:
        return None
    from nbgrader.plugins import FileNameCollectorPlugin

    from autograder.nbgrader.gradebook import LOG

    plugin = FileNameCollectorPlugin(config=config, log=LOG)
    return plugin.collect if plugin.named_regexp else None


def _zone(name: str | None) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SpeechmarkError(
            f"{name!r} is no time zone. Write it as Europe/Berlin or America/New_York."
        ) from None
