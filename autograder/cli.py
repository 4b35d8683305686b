"""The command ``speechmark``. What needs torch is imported by the command that needs it."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder.support.console import doing, err, out, progress_bar, unmarked
from autograder.support.errors import SpeechmarkError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from autograder.course.assignment import Assignment, Course
    from autograder.course.results import SubmissionResult

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


def main() -> None:
    """Run the command line; a user's mistake is one message and exit status 2."""
    try:
        app()
    except SpeechmarkError as error:
        _fail(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}")
    except KeyboardInterrupt:
        err.print("Interrupted. What was graded is kept; the same command goes on from there.")
        sys.exit(130)


def _fail(why: str) -> NoReturn:
    err.print(f"[bold red]speechmark:[/] {unmarked(why)}", highlight=False, soft_wrap=True)
    sys.exit(2)


@app.command()
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


@app.command()
def release(assignments: Names = None, level: Level = 3) -> None:
    """Regenerate what students receive, from the one source in solutions/.

    The old release stays in place if the solution does not get every point, if
    the untouched stub gets any, or if a line of a solution or of a hidden suite
    would leak.
    """
    for assignment in _chosen(assignments):
        _release(assignment, level)


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
    part: Annotated[list[str] | None, typer.Option(help="Only this part; may be repeated.")] = None,
) -> None:
    """Run the public checks on your notebook: one line per check.

    Runs the notebook's own cells on this machine, without a sandbox: it is your
    code.
    """
    from autograder.selfcheck import check_notebook

    lines, passed = check_notebook(notebook, part or [])
    for line in lines:
        out.print(unmarked(line), highlight=False)
    raise typer.Exit(0 if passed else 1)


@app.command()
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
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on this Dask cluster instead.")
    ] = None,
) -> None:
    """Grade a class, or loose notebooks.

    Without notebooks: everything in submitted/, in nbgrader's layout, and the
    grades go into nbgrader's gradebook. Stop it at any time: the same command
    goes on where it stopped. Exit status 1 if anything could not be graded.
    """
    from autograder.batch import session
    from autograder.course.submissions import loose, submitted

    whole = True
    for which in _chosen([assignment] if assignment else None, with_submissions=True):
        submissions = loose(notebooks) if notebooks else submitted(which)
        job = session.make_job(which, device=device.value, level=level, corpus=corpus, train=train)
        results = session.grade_class(
            which,
            submissions,
            job,
            jobs=jobs,
            regrade=regrade,
            dask=dask,
            watched=not notebooks,
        )
        problems: dict[str, str] = {}
        if not notebooks and (train or not which.settings.training):
            problems = session.into_nbgrader(which, results, reason)
        elif not notebooks:
            err.print("Without the training run no grade is whole: nothing goes into nbgrader.")
        target = folder or (None if notebooks else which.course.state / "report" / which.name)
        written = session.write(which, results, target) if target else []
        if as_json:
            print(json.dumps(session.as_json(results, problems), allow_nan=False))
        else:
            session.show(which, results, problems, written)
        whole = whole and not problems and all(result.graded for result in results)
    if not whole:
        raise typer.Exit(1)


@app.command()
def status(assignments: Names = None, as_json: AsJson = False) -> None:
    """How far the grading of a class is; ask at any time, from any terminal."""
    from autograder.batch.status import show
    from autograder.batch.status import status as ask
    from autograder.course.store import Store
    from autograder.course.submissions import submitted

    told = {}
    for which in _chosen(assignments, with_submissions=True):
        found = ask(which, submitted(which), Store(which).has)
        told[which.name] = found.as_json()
        if not as_json:
            show(found, which, out)
    if as_json:
        print(json.dumps(told if len(told) != 1 else next(iter(told.values()))))


@app.command()
def similar(
    assignment: Name,
    page: Annotated[
        Path | None, typer.Option(help="Where the page goes; default: beside the report.")
    ] = None,
    above: Annotated[float, typer.Option(min=0, max=1, help="Name pairs from this score.")] = 0.3,
    as_json: AsJson = False,
) -> None:
    """Name pairs of submissions that are the same after renaming and reformatting.

    A hint for a person, never a grade.
    """
    from autograder.course.submissions import submitted
    from autograder.similarity.compare import compare
    from autograder.similarity.page import write_page

    course = _course()
    which = course.assignment(assignment)
    submissions = submitted(which)
    with progress_bar() as progress:
        task = progress.add_task("Comparing", total=len(submissions), counts="")
        found = compare(which, submissions, above=above, advance=lambda: progress.advance(task))
    if as_json:
        print(json.dumps(found.as_json()))
        return
    path = page or course.state / "report" / assignment / "similar.html"
    written = write_page(found, path, title=f"{which.settings.title}: similar work")
    out.print(f"{len(found.pairs)} pairs. Page: {unmarked(str(written))}", soft_wrap=True)


@app.command()
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
    from autograder.batch.bulk import auto_jobs
    from autograder.batch.session import make_job

    told, sound = {}, True
    for which in _chosen(assignments):
        job = make_job(which, level=level, train=False)
        with progress_bar() as progress:
            task = progress.add_task(f"Auditing {which.name}", total=None, counts="")
            found = run_audit(
                which,
                job,
                jobs or auto_jobs(),
                corpus,
                fast,
                partial(_advance, progress, task),
            )
        told[which.name] = found.as_json()
        sound = sound and found.sound
        if not as_json:
            show_audit(found, out)
    if as_json:
        print(json.dumps(told))
    if not sound:
        raise typer.Exit(1)


@app.command()
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
    from autograder.batch.bulk import auto_jobs
    from autograder.batch.session import make_job

    which = _course().assignment(assignment)
    job = make_job(which, level=level, corpus=corpus, calibrating=True)
    with progress_bar() as progress:
        task = progress.add_task(f"Calibrating on {corpus}", total=None, counts="")
        found = run_calibration(
            which,
            job,
            jobs or auto_jobs(),
            quick,
            partial(_advance, progress, task),
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


@app.command()
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


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the made-up class goes.")] = Path("demo"),
    jobs: Jobs = 0,
) -> None:
    """Make up a class of submissions, grade it, and show what each of you would see."""
    from autograder.authoring.demo import make_course
    from autograder.batch import session
    from autograder.course.submissions import submitted
    from autograder.isolation.sandbox import best_level

    level = best_level()[0]
    source = _course()
    for assignment in source.assignments():
        _release(assignment, level)
    for which in make_course(source, folder).assignments():
        out.print(f"\n[bold]{unmarked(which.settings.title)}[/]")
        train = _can_train(which)
        job = session.make_job(which, level=level, train=train)
        results = session.grade_class(which, submitted(which), job, jobs=jobs)
        whole = train or not which.settings.training
        problems = session.into_nbgrader(which, results, None) if whole else {}
        written = session.write(which, results, folder / "report" / which.name)
        session.show(which, results, problems, written)


def _chosen(names: list[str] | None, with_submissions: bool = False) -> list[Assignment]:
    """The assignments of those names; without any all of the course.

    Args:
        names: as given on the command line.
        with_submissions: of all leave out those that nobody has handed in, if any was.
    """
    course = _course()
    if names:
        return [course.assignment(name) for name in names]
    every = course.assignments()
    if not every:
        raise SpeechmarkError(f"{course.root / 'solutions'} holds no assignment.")
    handed_in = [a for a in every if any(course.root.glob(f"submitted/*/{a.name}"))]
    return (handed_in or every) if with_submissions else every


def _advance(progress: Progress, task: TaskID, done: int, total: int) -> None:
    progress.update(task, completed=done, total=total)


def _course() -> Course:
    """The course that the working directory is in."""
    from autograder.course.assignment import Course

    return Course.find()


def _release(assignment: Assignment, level: int) -> None:
    from autograder.authoring.release import release as make_release
    from autograder.grading.grader import Grader

    def grade(notebook: Path, released: Path) -> SubmissionResult:
        with Grader(
            assignment, level=level, release=released, train=_can_train(assignment)
        ) as grader:
            return grader.result(notebook.stem, notebook)

    with doing("Grading the solution and the untouched stub..."):
        written = make_release(assignment, grade)
    state = "Released to" if written.changed else "Unchanged:"
    out.print(f"{state} {unmarked(str(written.folder))}", soft_wrap=True)


def _can_train(assignment: Assignment) -> bool:
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


if __name__ == "__main__":
    main()
