"""One solution to one part, questioned by its hidden suite without the wall.

Each trial has a process of its own, forked from this one, so a solution that hangs or dies is
over soon and none sees what another left behind. What the wall would refuse is not looked at:
these are solutions of our own.
"""

from __future__ import annotations

import multiprocessing
import resource
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import torch

from autograder.course.assignment import Assignment
from autograder.grading.suites import reference_tensors
from autograder.lab.testing.failures import Crashed, Failure, TimedOut, Wrong
from autograder.lab.testing.runner import TestOutcome, run_suite
from autograder.lab.testing.student import LocalStudent
from tests.benchmarks.classes import namespace

_PATIENCE = 300.0
"""Seconds of wall time that a trial gets; most need less than one."""
_PROCESSOR = 20
"""Seconds of processor time; a loop without end would take all of its patience."""
_MEMORY = 8 << 30


class Ending(NamedTuple):
    """The first test that failed, how it failed, and the hint it gave."""

    test: str
    outcome: str
    hint: str = ""


PASSED = Ending("every test", "passed")


def ending(
    assignment: Assignment, part: str, source: str, suite: Path | None = None, threads: int = 1
) -> Ending:
    """How a solution's suite ends, asked to its first failure; arguments as of :func:`outcomes`."""
    for outcome in outcomes(assignment, part, source, suite, threads, to_first_failure=True):
        if outcome.failure is not None:
            hint = outcome.failure.hint if isinstance(outcome.failure, Wrong) else ""
            return Ending(outcome.name, outcome.outcome, hint)
    return PASSED


def outcomes(
    assignment: Assignment,
    part: str,
    source: str,
    suite: Path | None = None,
    threads: int = 1,
    to_first_failure: bool = False,
) -> list[TestOutcome]:
    """How each test of a solution's suite ends; one outcome alone where no test was asked.

    Args:
        assignment: whose suites, references and reference solutions of the other parts.
        part: which part ``source`` solves.
        source: the solution cell.
        suite: another suite than the assignment's.
        threads: of torch. This process must not have used more than one before.
        to_first_failure: leave out what comes after the first test that fails.
    """
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    suite = suite or assignment.hidden_suite(part)
    what = (assignment, part, source, suite, threads, to_first_failure, there)
    process = fork.Process(target=_question, args=what)
    process.start()
    there.close()
    try:
        told: list[TestOutcome] = here.recv() if here.poll(_PATIENCE) else _none(TimedOut())
    except EOFError:
        told = _none(Crashed("SystemExit", "its process died"))
    process.kill()
    process.join()
    return told


def _none(failure: Failure) -> list[TestOutcome]:
    return [TestOutcome("the cell itself", "", 1, True, failure, 0.0)]


def collect(assignment: Assignment, part: str, suite: Path) -> None:
    """Have this process import and collect what trials of ``part`` need, which are forked from it.

    Without it every trial would do so for itself, which takes longer than the trial.
    """
    reference = LocalStudent(namespace(assignment))
    run_suite(suite, reference, reference_tensors(assignment.reference_file(part)))


def _question(
    assignment: Assignment,
    part: str,
    source: str,
    suite: Path,
    threads: int,
    to_first_failure: bool,
    told: Connection,
) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR, _PROCESSOR))
    torch.set_num_threads(threads)
    try:
        found = namespace(assignment, {part: source})
    except Exception as error:
        told.send(_none(Crashed(type(error).__name__, str(error))))
        return
    reference = reference_tensors(assignment.reference_file(part))
    told.send(run_suite(suite, LocalStudent(found), reference, to_first_failure))
