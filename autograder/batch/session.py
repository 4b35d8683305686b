"""One run of ``speechmark grade``: from submissions to grades, pages and files."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from autograder.batch import bulk
from autograder.batch.bulk import PoolMap, auto_jobs, grade_all
from autograder.batch.heartbeat import Heartbeat
from autograder.course.assignment import Assignment
from autograder.course.results import SubmissionResult, identical, untouched
from autograder.course.submissions import Submission
from autograder.grading.job import Job
from autograder.isolation.proof.canaries import require
from autograder.lms.marks import Marks
from autograder.lms.roster import Roster, read_roster
from autograder.report.table import table
from autograder.store.changes import changes, regraded, words
from autograder.store.changes import table as table_of_changes
from autograder.store.conditions import NO_TRAINING
from autograder.store.ledger import Ledger
from autograder.support import files
from autograder.support.console import doing, err, out, progress_bar, unmarked
from autograder.support.device import pick_device
from autograder.support.errors import SpeechmarkError
from autograder.support.fonts import font_list


def prepared(job: Job) -> Job:
    """``job`` with its level proven and its corpus prepared, once for all processes.

    Raises:
        SpeechmarkError: the level, the device or the corpus is not to be had.
    """
    assignment = job.assignment
    proof = require(job.level, secret=assignment.secrets)
    err.print(f"Isolation level {proof.level}: {sum(proof.held.values())} canaries held.")
    font_list(assignment.course.state)  # now, or else every job makes one of its own
    chosen, training = None, NO_TRAINING
    if job.train and assignment.settings.training:
        from autograder.grading import measures
        from autograder.grading.exam import choose_corpus, prepare

        measures.check(assignment)
        chosen = choose_corpus(assignment, job.corpus)
        with doing(f"Preparing the corpus {chosen}..."):
            training = prepare(assignment, chosen, job.calibrating).identity
    device = pick_device(job.device)
    return replace(job, device=device, corpus=chosen, proof=proof, training=training)


def grade_class(
    job: Job,
    submissions: Sequence[Submission],
    *,
    jobs: int = 0,
    regrade: bool = False,
    dask: str | None = None,
    watched: bool = True,
) -> list[SubmissionResult]:
    """Grade with a progress bar on standard error; results in the order of ``submissions``.

    Args:
        job: from :func:`prepared`.
        submissions: whose work.
        jobs: processes; 0 for as many as fit, or as the cluster has.
        regrade: grade even what has a stored result.
        dask: address of a Dask scheduler whose workers do the work instead of processes here.
        watched: keep the sign of life that ``speechmark status`` reads; one run at a time.

    Raises:
        SpeechmarkError: another run over the class goes on.
    """
    if dask:
        from autograder.batch import dask_pool

        pool_map: PoolMap = partial(dask_pool.pool_map, address=dask)
    else:
        pool_map, jobs = bulk.pool_map, jobs or auto_jobs()
    done: dict[str, SubmissionResult] = {}
    heartbeat = Heartbeat(job, len(submissions), jobs, regrade)
    with heartbeat if watched else nullcontext(), progress_bar() as progress:
        task = progress.add_task("Grading", total=len(submissions), counts="")
        for submission, result in grade_all(job, submissions, jobs, regrade, pool_map):
            done[submission.name] = result
            heartbeat.beat(result)
            progress.update(task, advance=1, counts=heartbeat.run.words())
    return [done[submission.name] for submission in submissions]


def into_nbgrader(
    assignment: Assignment, results: Sequence[SubmissionResult], reason: str | None
) -> dict[str, str]:
    """Hand the grades to nbgrader and enter what changes into the ledger.

    Args:
        assignment: whose gradebook.
        results: those that are not graded leave the grade as it was.
        reason: why grades change that no student's work has changed.

    Returns:
        Student to problem.

    Raises:
        SpeechmarkError: such grades change, and no reason is given.
    """
    from autograder.nbgrader.course import autograde

    book = Ledger.of(assignment)
    found = changes(book.latest(), results)
    if altered := regraded(found):
        err.print(table_of_changes(altered))
        if reason is None and sys.stdin.isatty():
            reason = err.input("These grades change. The reason, for the log: ").strip()
        if not reason:
            raise SpeechmarkError(
                f"{words(found)}, though the students' work has not. Nothing was "
                'written. Say why: --reason "the tolerance of loss was too tight"'
            )
    with doing("Writing the grades into nbgrader..."):
        written = autograde(assignment, [result for result in results if result.graded])
    entered = [change for change in found if change.name not in written.problems]
    book.record(entered, reason or "grading")
    for name, notice in written.notices.items():
        err.print(f"{unmarked(name)}: {unmarked(notice)}", highlight=False)
    return written.problems


def write(
    assignment: Assignment,
    results: Sequence[SubmissionResult],
    folder: Path,
    *,
    marks: Mapping[str, Marks] | None,
) -> list[tuple[str, Path]]:
    """Results, report and CSV under ``folder``; returns what is where.

    Args:
        assignment: what was graded.
        results: one per submission.
        folder: made if missing.
        marks: what the gradebook holds of the class; None if names are no students', of whom
            roster and ledger know more.
    """
    from autograder.report.report import write_csv, write_report
    from autograder.report.rounds import rounds

    for index, result in enumerate(results):
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in result.name)[:80]
        path = folder / "results" / f"{index:04d}_{name}.json"
        files.write(path, result.model_dump_json(indent=1).encode())
    settings = assignment.settings
    of_class = marks is not None
    roster = read_roster(assignment.course.root) if of_class else Roster({})
    with doing("Drawing the report..."):
        page = write_report(
            results,
            folder,
            title=settings.title,
            training=settings.training,
            marks=marks or {},
            roster=roster,
            rounds=rounds(Ledger.of(assignment).entries()) if of_class else (),
        )
    write_csv(results, folder / "grades.csv", settings.training, roster, marks or {})
    return [("Report", page), ("Grades", folder / "grades.csv"), ("Results", folder / "results")]


def show(
    assignment: Assignment,
    results: Sequence[SubmissionResult],
    problems: Mapping[str, str],
    written: Sequence[tuple[str, Path]],
    *,
    marks: Mapping[str, Marks] | None,
) -> None:
    """Print the table, what went wrong, who is missing, and where things are."""
    roster = Roster({}) if marks is None else read_roster(assignment.course.root)
    out.print(table(results, assignment.settings.training, roster, marks or {}))
    for result in results:
        if not result.graded:
            why = result.notes[0] if result.notes else "the grader failed on a part"
            out.print(f"[bold red]Not graded:[/] {_shown(roster, [result.name])}: {unmarked(why)}")
    for group in identical(results):
        names = [result.name for result in group]
        if not untouched(group[0]) and not set(names) <= set(roster.members(names[0])):
            out.print(f"Identical work, graded once: {_shown(roster, names)}", highlight=False)
    for name, problem in problems.items():
        whose = _shown(roster, [name])
        out.print(f"[bold red]Not in the gradebook:[/] {whose}: {unmarked(problem)}")
    there = {result.name for result in results}
    if missing := [student.id for student in roster if student.id not in there]:
        out.print(f"Nothing from {_shown(roster, missing)}", highlight=False, soft_wrap=True)
    if strangers := [name for name in there if roster and name not in roster]:
        whose = _shown(roster, sorted(strangers))
        out.print(f"[bold red]Not in students.csv:[/] {whose}", highlight=False, soft_wrap=True)
    for label, path in written:
        out.print(f"{label}: {unmarked(str(path.resolve()))}", soft_wrap=True)


def _shown(roster: Roster, names: Sequence[str]) -> str:
    return unmarked(", ".join(map(roster.shown, names)))


def as_json(results: Sequence[SubmissionResult], problems: Mapping[str, str]) -> dict[str, Any]:
    """What ``--json`` prints: plain values, and what is no number as a string."""
    return {
        "submissions": [json.loads(result.model_dump_json()) for result in results],
        "problems": dict(problems),
    }
