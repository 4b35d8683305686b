"""Commands for a class: what has been handed in, graded and compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.app import (
    CLASS,
    AsJson,
    Device,
    Jobs,
    Level,
    Name,
    Names,
    Older,
    app,
    chosen,
    course,
)
from autograder.support.console import err, out, progress_bar, unmarked
from autograder.support.errors import SpeechmarkError

if TYPE_CHECKING:
    from autograder.course.assignment import Assignment
    from autograder.course.results import SubmissionResult


@app.command(rich_help_panel=CLASS)
def grade(
    assignment: Annotated[
        str | None,
        typer.Argument(help="The assignment's name; default: all that were handed in."),
    ] = None,
    notebooks: Annotated[
        list[Path] | None,
        typer.Argument(help="Loose notebooks to grade; default: the class in submitted/."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write results, report and CSV here.")
    ] = None,
    as_json: AsJson = False,
    jobs: Jobs = 0,
    device: Annotated[Device, typer.Option(help="Where the training runs.")] = Device.auto,
    level: Level = 3,
    corpus: Annotated[str | None, typer.Option(help="Corpus to train and examine on.")] = None,
    train: Annotated[bool, typer.Option(help="Run the training part.")] = True,
    regrade: Annotated[bool, typer.Option(help="Grade again what has a stored result.")] = False,
    reason: Annotated[
        str | None, typer.Option(help="Why grades change, for the log, when suites have.")
    ] = None,
    older: Annotated[
        Older, typer.Option(help="Work on an older release: graded as the current one, or refused.")
    ] = Older.accept,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on this Dask cluster instead.")
    ] = None,
    gradescope: Annotated[
        bool,
        typer.Option("--gradescope", help="Of one notebook write results.json for Gradescope."),
    ] = False,
) -> None:
    """Grade a class, or loose notebooks.

    Without notebooks: everything in submitted/, in nbgrader's layout, and the
    grades go into nbgrader's gradebook. Stop it at any time: the same command
    goes on where it stopped. Exit status 1 if anything could not be graded.
    """
    from autograder.authoring.releasing.building import make_source
    from autograder.batch import session
    from autograder.course.releases import refusing_older
    from autograder.course.submissions import loose, submitted
    from autograder.grading.job import Job
    from autograder.nbgrader.marks import read_marks

    assignment, notebooks = _name_and_notebooks(assignment, notebooks or [])
    if gradescope and len(notebooks) != 1:
        raise SpeechmarkError("Name one notebook: speechmark grade A.ipynb --gradescope")
    whole = True
    for which in chosen([assignment] if assignment else None, with_submissions=True):
        submissions = loose(notebooks) if notebooks else submitted(which)
        if older is Older.refuse:
            submissions = refusing_older(which, submissions)
        job = Job(which, level, device.value, corpus, train)
        results = session.grade_class(
            session.prepared(job),
            submissions,
            jobs=jobs,
            regrade=regrade,
            dask=dask,
            watched=not notebooks,
        )
        problems: dict[str, str] = {}
        if not notebooks:
            make_source(which)
        if not notebooks and (train or not which.settings.training):
            problems = session.into_nbgrader(which, results, reason)
        elif not notebooks:
            err.print("Without the training run no grade is whole: nothing goes into nbgrader.")
        target = folder or (None if notebooks else which.course.state / "report" / which.name)
        marks = None if notebooks else read_marks(which)
        written = session.write(which, results, target, marks=marks) if target else []
        if gradescope:
            _for_gradescope(which, results[0], folder)
        if as_json:
            print(json.dumps(session.as_json(results, problems), allow_nan=False))
        else:
            session.show(which, results, problems, written, marks=marks)
        whole = whole and not problems and all(result.graded for result in results)
    if not whole:
        raise typer.Exit(1)


def _name_and_notebooks(
    assignment: str | None, notebooks: list[Path]
) -> tuple[str | None, list[Path]]:
    """The assignment's name and the notebooks, where a notebook was named in its place too."""
    from autograder.course.copies import own_stem

    if not assignment or not assignment.endswith(".ipynb"):
        return assignment, notebooks
    names = [each.name for each in course().assignments()]
    stem = own_stem(Path(assignment).name)
    if stem not in names and len(names) > 1:
        raise SpeechmarkError(
            f"{assignment} does not say of which assignment it is. Name that first: "
            f"speechmark grade {names[0]} {assignment}"
        )
    return stem if stem in names else names[0], [Path(assignment), *notebooks]


_GRADESCOPE = Path("/autograder/results")


def _for_gradescope(assignment: Assignment, result: SubmissionResult, folder: Path | None) -> None:
    """Write ``results.json`` where Gradescope reads it, or here."""
    from autograder.report.gradescope import results_json
    from autograder.support import files

    path = (folder or (_GRADESCOPE if _GRADESCOPE.is_dir() else Path())) / "results.json"
    results = results_json(result, assignment.settings.training)
    files.write(path, json.dumps(results, ensure_ascii=False, indent=1).encode())
    err.print(f"Written: {unmarked(str(path))}", highlight=False)


@app.command(rich_help_panel=CLASS)
def status(assignments: Names = None, as_json: AsJson = False) -> None:
    """How far the grading of a class is; ask at any time, from any terminal."""
    from autograder.batch.status import show
    from autograder.batch.status import status as ask
    from autograder.course.submissions import submitted

    every = {}
    for which in chosen(assignments, with_submissions=True):
        found = ask(which, submitted(which))
        every[which.name] = found.as_json()
        if not as_json:
            show(found, which, out)
    if as_json:
        print(json.dumps(every if len(every) != 1 else next(iter(every.values()))))


@app.command(rich_help_panel=CLASS)
def similar(
    assignment: Name,
    page: Annotated[
        Path | None, typer.Option(help="Where the page goes; default: beside the report.")
    ] = None,
    above: Annotated[float, typer.Option(min=0, max=1, help="Name pairs from this score.")] = 0.3,
    against: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Compare with notebooks of an earlier term; repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Name pairs of submissions that are the same after renaming and reformatting.

    A hint for a person, never a grade.
    """
    from autograder.course.submissions import earlier, submitted
    from autograder.lms.roster import read_roster
    from autograder.similarity.compare import compare
    from autograder.similarity.page import write_page

    which = course().assignment(assignment)
    submissions, before = submitted(which), earlier(against or [])
    roster = read_roster(which.course.root)
    with progress_bar() as progress:
        total = len(submissions) + len(before)
        task = progress.add_task("Comparing", total=total, counts="")
        found = compare(
            which,
            submissions,
            earlier=before,
            together=lambda a, b: b in roster.members(a),
            above=above,
            advance=lambda: progress.advance(task),
        )
    if as_json:
        print(json.dumps(found.as_json()))
        return
    path = page or which.course.state / "report" / assignment / "similar.html"
    written = write_page(found, path, title=f"{which.settings.title}: similar work")
    for one in found.taken:
        parts = ", ".join(f"{part} ({label})" for part, label in one.parts.items())
        said = f"{roster.shown(one.name)} handed in what is on file: {parts}"
        out.print(unmarked(said), highlight=False, soft_wrap=True)
    out.print(f"{len(found.pairs)} pairs. Page: {unmarked(str(written))}", soft_wrap=True)


@app.command(rich_help_panel=CLASS)
def doctor(
    as_json: AsJson = False,
    brief: Annotated[bool, typer.Option(help="Versions and folders only; starts nothing.")] = False,
) -> None:
    """Say what this machine can do: isolation level and why, device, corpora, versions."""
    from autograder.doctor import examine, show

    findings = examine(brief)
    if as_json:
        print(json.dumps(findings))
    else:
        show(findings, out)
