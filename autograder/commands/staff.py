"""Commands of course staff: what is done to an assignment before and after a term."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.app import (
    STAFF,
    AsJson,
    Jobs,
    Level,
    Name,
    Names,
    advance,
    app,
    chosen,
    course,
)
from autograder.commands.releasing import can_train, release_one
from autograder.support.console import out, progress_bar, unmarked

if TYPE_CHECKING:
    pass


@app.command(rich_help_panel=STAFF)
def new(
    name: Annotated[str, typer.Argument(help="A Python identifier: names folder and notebook.")],
    title: Annotated[
        str | None, typer.Option(help="What students read; default: the name in words.")
    ] = None,
    training: Annotated[
        bool, typer.Option("--training", help="With a part that a training run decides.")
    ] = False,
) -> None:
    """Write a small assignment into solutions/, to begin with.

    It passes release and audit, and is graded as it stands. An empty folder
    becomes a course first.
    """
    from autograder.authoring.new import course_here
    from autograder.authoring.new import new as make_new

    made = make_new(course_here(), name, title, training)
    out.print(f"Written: {unmarked(str(made.folder))}", soft_wrap=True)
    out.print(f"Next: speechmark release {name} && speechmark audit {name}", highlight=False)


@app.command(rich_help_panel=STAFF)
def audit(
    assignments: Names = None,
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", metavar="DIR", help="Holds right/ and wrong/; default: its own."),
    ] = None,
    fast: Annotated[
        bool, typer.Option(help="Several parts in one notebook; alone where in doubt.")
    ] = False,
    as_json: AsJson = False,
    jobs: Jobs = 0,
    level: Level = 3,
) -> None:
    """Do the hidden suites tell right from wrong? Runs every known solution against them.

    Every file of right/ must pass everywhere; every file of wrong/ must fail
    its own part and no other, answered first by the hint it names. Exit status
    1 on any false verdict.
    """
    from autograder.authoring.audit import audit as run_audit
    from autograder.authoring.audit_view import show as show_audit
    from autograder.batch.session import prepared
    from autograder.grading.job import Job

    every, sound = {}, True
    for which in chosen(assignments):
        job = prepared(Job(which, level, train=False))
        with progress_bar() as progress:
            task = progress.add_task(f"Auditing {which.name}", total=None, counts="")
            found = run_audit(
                job,
                jobs,
                corpus,
                fast,
                partial(advance, progress, task),
            )
        every[which.name] = found.as_json()
        sound = sound and found.sound
        if not as_json:
            show_audit(found, out)
    if as_json:
        print(json.dumps(every))
    if not sound:
        raise typer.Exit(1)


@app.command(rich_help_panel=STAFF)
def calibrate(
    assignment: Name,
    corpus: Annotated[str, typer.Option(help="Corpus to calibrate on.")],
    quick: Annotated[bool, typer.Option(help="Fewer seeds, for a term's refresh.")] = False,
    jobs: Jobs = 0,
    level: Level = 3,
) -> None:
    """Measure the training run over many seeds, and set the threshold that follows.

    Runs the reference and the right and wrong solutions that change the
    training run. Writes calibration.json and a picture beside the assignment.
    Stop it at any time: the same command goes on where it stopped.
    """
    from autograder.authoring.calibrate import calibrate as run_calibration
    from autograder.authoring.calibrate import save
    from autograder.authoring.calibration_plot import draw
    from autograder.batch.session import prepared
    from autograder.grading.job import Job

    which = course().assignment(assignment)
    job = prepared(Job(which, level, corpus=corpus, calibrating=True))
    with progress_bar() as progress:
        task = progress.add_task(f"Calibrating on {corpus}", total=None, counts="")
        found = run_calibration(
            job,
            jobs,
            quick,
            partial(advance, progress, task),
        )
    save(which, corpus, found)
    picture = which.folder / f"calibration_{corpus}.png"
    draw(found, which.training, f"{which.settings.title}: {corpus}", picture)
    bars = ", ".join(f"{name} {bar:.3f}" for name, bar in found.bars.items())
    out.print(
        f"Bars: {bars}; chance of failing correct work at most {found.chance_of_failing:.1e}. "
        f"Picture: {unmarked(str(picture))}",
        soft_wrap=True,
    )


@app.command(rich_help_panel=STAFF)
def demo(
    folder: Annotated[Path, typer.Option(help="Where the made-up class goes.")] = Path("demo"),
    jobs: Jobs = 0,
) -> None:
    """Make up a class of submissions, grade it, and show what each of you would see."""
    from autograder.authoring.demo import make_course
    from autograder.batch import session
    from autograder.course.submissions import submitted
    from autograder.grading.job import Job
    from autograder.isolation.sandbox import best_level
    from autograder.nbgrader.marks import read_marks

    level = best_level()[0]
    source = course()
    for assignment in source.assignments():
        if not assignment.is_released:
            release_one(assignment, level, None)
    for which in make_course(source, folder).assignments():
        out.print(f"\n[bold]{unmarked(which.settings.title)}[/]")
        train = can_train(which)
        job = session.prepared(Job(which, level, train=train))
        results = session.grade_class(job, submitted(which), jobs=jobs)
        whole = train or not which.settings.training
        problems = session.into_nbgrader(which, results, None) if whole else {}
        marks = read_marks(which)
        written = session.write(which, results, folder / "report" / which.name, marks=marks)
        session.show(which, results, problems, written, marks=marks)
