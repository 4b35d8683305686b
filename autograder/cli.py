"""The command ``speechmark``. What needs torch is imported by the command that needs it."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.assignment import Assignment, Course
from autograder.errors import SpeechmarkError

if TYPE_CHECKING:
    from autograder.bulk import Job
    from autograder.results import SubmissionResult
    from autograder.submissions import Submission

app = typer.Typer(
    name="speechmark",
    help="Homework in self-supervised speech learning: release it, check it, grade it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True)


class Device(StrEnum):
    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


Name = Annotated[str, typer.Argument(help="The assignment's name, such as contrastive.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Level = Annotated[
    int, typer.Option(min=1, max=3, help="Refuse to work below this isolation level.")
]


def main() -> None:
    """Run the command line; a user's mistake is one message and exit status 2."""
    try:
        app()
    except SpeechmarkError as error:
        err.print(f"[bold red]speechmark:[/] {_plain(str(error))}", highlight=False)
        sys.exit(2)
    except KeyboardInterrupt:
        err.print("Interrupted. What was graded is kept; the same command goes on from there.")
        sys.exit(130)


@app.command()
def release(assignment: Name, level: Level = 3) -> None:
    """Regenerate what students receive, from the one source in solutions/.

    The old release stays in place if the solution does not get every point, if the
    untouched stub gets any, or if a line of a solution or of a hidden suite would leak.
    """
    from autograder.grade import Grader
    from autograder.release import release as make_release

    which = Course.find().assignment(assignment)

    def grade(notebook: Path, released: Path) -> SubmissionResult:
        with Grader(which, level=level, release=released, train=bool(which.calibrations)) as grader:
            return grader.result(notebook.stem, notebook)

    with err.status("Grading the solution and the untouched stub..."):
        written = make_release(which, grade)
    state = "Released to" if written.changed else "Unchanged:"
    out.print(f"{state} {_plain(str(written.folder))}", soft_wrap=True)


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
    part: Annotated[list[str] | None, typer.Option(help="Only this part; may be repeated.")] = None,
) -> None:
    """Run the public checks on your notebook: one line per check.

    Runs the notebook's own cells on this machine, without a sandbox: it is your code.
    """
    from autograder.selfcheck import check_notebook

    lines, passed = check_notebook(notebook, part or [])
    for line in lines:
        out.print(_plain(line), highlight=False)
    raise typer.Exit(0 if passed else 1)


@app.command()
def grade(
    assignment: Name,
    notebooks: Annotated[
        list[Path] | None,
        typer.Argument(help="Loose notebooks to grade; default: the class in submitted/."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write results, report and CSV here.")
    ] = None,
    as_json: AsJson = False,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: as many as fit.")] = 0,
    device: Annotated[Device, typer.Option(help="Where the training runs.")] = Device.auto,
    level: Level = 3,
    corpus: Annotated[str | None, typer.Option(help="Corpus to train and examine on.")] = None,
    train: Annotated[bool, typer.Option(help="Run the training part.")] = True,
    regrade: Annotated[bool, typer.Option(help="Grade again what has a stored result.")] = False,
) -> None:
    """Grade a class, or loose notebooks.

    Without notebooks: everything in submitted/, in nbgrader's layout, and the grades go
    into nbgrader's gradebook. Exit status 1 if anything could not be graded.
    """
    from autograder.submissions import loose, submitted

    course = Course.find()
    which = course.assignment(assignment)
    submissions = loose(notebooks) if notebooks else submitted(which)
    results = _grade_all(which, submissions, jobs, device, level, corpus, train, regrade)
    problems: dict[str, str] = {}
    if not notebooks and train:
        problems = _into_nbgrader(which, results)
    elif not notebooks:
        err.print("Without the training run no grade is whole: nothing goes into nbgrader.")
    target = folder or (None if notebooks else course.state / "report" / assignment)
    written = _write(which, results, target) if target else []
    if as_json:
        print(json.dumps(_as_json(results, problems), allow_nan=False))
    else:
        _show(results, problems, written)
    if problems or not all(result.graded for result in results):
        raise typer.Exit(1)


@app.command()
def audit(
    assignment: Name,
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", metavar="DIR", help="Holds right/ and wrong/; default: its own."),
    ] = None,
    as_json: AsJson = False,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: as many as fit.")] = 0,
    level: Level = 3,
) -> None:
    """Do the hidden suites tell right from wrong? Runs every known solution against them.

    Every file of right/ must pass everywhere; every file of wrong/ must fail its own part
    and no other, answered first by the hint it names. Exit status 1 on any false verdict.
    """
    from autograder.audit import audit as run_audit
    from autograder.audit_view import show as show_audit
    from autograder.bulk import auto_jobs

    which = Course.find().assignment(assignment)
    job = _job(which, Device.cpu, level, None, train=False)
    with _progress() as progress:
        task = progress.add_task("Auditing", total=None, counts="")
        found = run_audit(
            which,
            job,
            jobs or auto_jobs(),
            corpus,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    if as_json:
        print(json.dumps(found.as_json()))
    else:
        show_audit(found, out)
    if not found.sound:
        raise typer.Exit(1)


@app.command()
def calibrate(
    assignment: Name,
    corpus: Annotated[str, typer.Option(help="Corpus to calibrate on.")],
    quick: Annotated[bool, typer.Option(help="Fewer seeds, for a term's refresh.")] = False,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: as many as fit.")] = 0,
    level: Level = 3,
) -> None:
    """Measure the training run over many seeds, and set the threshold that follows.

    Runs the reference and the right and wrong solutions that change the training run.
    Writes calibration.json and a picture beside the assignment. Stop it at any time: the
    same command goes on where it stopped.
    """
    from autograder.bulk import auto_jobs
    from autograder.calibrate import calibrate as run_calibration
    from autograder.calibrate import save
    from autograder.calibration_plot import draw

    which = Course.find().assignment(assignment)
    job = _job(which, Device.cpu, level, corpus, train=True, calibrating=True)
    with _progress() as progress:
        task = progress.add_task(f"Calibrating on {corpus}", total=None, counts="")
        found = run_calibration(
            which,
            job,
            jobs or auto_jobs(),
            quick,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    save(which, corpus, found)
    picture = which.folder / f"calibration_{corpus}.png"
    draw(found, f"{which.settings.title}: {corpus}", picture)
    out.print(
        f"Threshold {found.threshold:.3f}; lowest correct run {found.margin:+.3f} from it; "
        f"chance of failing correct work at most {found.chance_of_failing:.1e}. "
        f"Picture: {_plain(str(picture))}",
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
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: as many as fit.")] = 0,
) -> None:
    """Make up a class of submissions, grade it, and show what each of you would see."""
    from autograder.demo import make_course

    source = Course.find()
    course = make_course(source, folder)
    which = course.assignment("contrastive")
    from autograder.submissions import submitted

    results = _grade_all(which, submitted(which), jobs, Device.auto, 3, None, True, False)
    problems = _into_nbgrader(which, results)
    _show(results, problems, _write(which, results, folder / "report"))


def _grade_all(
    assignment: Assignment,
    submissions: list[Submission],
    jobs: int,
    device: Device,
    level: int,
    corpus: str | None,
    train: bool,
    regrade: bool,
) -> list[SubmissionResult]:
    """Grade with a progress bar on standard error; results in the order of ``submissions``."""
    from autograder.bulk import auto_jobs, grade_all

    job = _job(assignment, device, level, corpus, train)
    done: dict[str, SubmissionResult] = {}
    with _progress() as progress:
        task = progress.add_task("Grading", total=len(submissions), counts="")
        for submission, result in grade_all(job, submissions, jobs or auto_jobs(), regrade):
            done[submission.name] = result
            full = sum(r.graded and r.score == r.max_score for r in done.values())
            failed = sum(not r.graded for r in done.values())
            progress.update(task, advance=1, counts=f"{full} full, {failed} not graded")
    return [done[submission.name] for submission in submissions]


def _job(
    assignment: Assignment,
    device: Device,
    level: int,
    corpus: str | None,
    train: bool,
    calibrating: bool = False,
) -> Job:
    """Prove the level, prepare the corpus, and say how every process is to grade."""
    from autograder.bulk import Job
    from autograder.exam import choose_corpus, prepare
    from autograder.grade import pick_device
    from autograder.isolation.canaries import require

    proof = require(level, secret=assignment.secrets)
    err.print(f"Isolation level {proof.level}: {sum(proof.held.values())} canaries held.")
    chosen = None
    if train:
        chosen = choose_corpus(assignment, corpus)
        with err.status(f"Preparing the corpus {chosen}..."):
            prepare(assignment, chosen, calibrating)
    return Job(
        course=assignment.course.root,
        assignment=assignment.name,
        level=level,
        device=pick_device(device.value),
        corpus=chosen,
        train=train,
        proof=proof,
        calibrating=calibrating,
    )


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
    )
    return Progress(*columns, console=err)


def _into_nbgrader(assignment: Assignment, results: list[SubmissionResult]) -> dict[str, str]:
    """Hand the grades to nbgrader; returns student to problem."""
    from autograder.nbgrader.course import autograde

    with err.status("Writing the grades into nbgrader..."):
        written = autograde(assignment, [result for result in results if result.graded])
    for name, notice in written.notices.items():
        err.print(f"{_plain(name)}: {_plain(notice)}", highlight=False)
    return written.problems


def _write(
    assignment: Assignment, results: list[SubmissionResult], folder: Path
) -> list[tuple[str, Path]]:
    """Results, report and CSV under ``folder``; returns what is where."""
    from autograder import files
    from autograder.report import write_csv, write_report

    for index, result in enumerate(results):
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in result.name)[:80]
        path = folder / "results" / f"{index:04d}_{name}.json"
        files.write(path, result.model_dump_json(indent=1).encode())
    with err.status("Drawing the report..."):
        page = write_report(results, folder, title=assignment.settings.title)
    write_csv(results, folder / "grades.csv")
    return [("Report", page), ("Grades", folder / "grades.csv"), ("Results", folder / "results")]


def _show(
    results: list[SubmissionResult], problems: dict[str, str], written: list[tuple[str, Path]]
) -> None:
    from autograder.table import table

    out.print(table(results))
    for result in results:
        if not result.graded:
            out.print(f"[bold red]Not graded:[/] {_plain(result.name)}: {_plain(result.notes[0])}")
    for name, problem in problems.items():
        out.print(f"[bold red]Not in the gradebook:[/] {_plain(name)}: {_plain(problem)}")
    for label, path in written:
        out.print(f"{label}: {_plain(str(path.resolve()))}", soft_wrap=True)


def _as_json(results: list[SubmissionResult], problems: dict[str, str]) -> dict[str, Any]:
    return {
        "submissions": [result.model_dump(mode="json") for result in results],
        "problems": problems,
    }


def _plain(text: str) -> str:
    """Text of unknown origin, with nothing that rich would take for markup."""
    return text.replace("[", r"\[")


if __name__ == "__main__":
    main()
