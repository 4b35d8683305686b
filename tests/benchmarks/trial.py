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
from autograder.lab.testing.failures import Wrong
from autograder.lab.testing.runner import run_suite
from autograder.lab.testing.student import LocalStudent
from tests.benchmarks.classes import namespace

_PATIENCE = 300.0
"""Seconds of wall time that a trial gets; most need less than one."""
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
    """How a solution's suite ends.

    Args:
        assignment: whose suites, references and reference solutions of the other parts.
        part: which part ``source`` solves.
        source: the solution cell.
        suite: another suite than the assignment's.
        threads: of torch. This process must not have used more than one before.
    """
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    what = (assignment, part, source, suite or assignment.hidden_suite(part), threads, there)
    process = fork.Process(target=_question, args=what)
    process.start()
    there.close()
    try:
        told: Ending = here.recv() if here.poll(_PATIENCE) else Ending("none", "timeout")
    except EOFError:
        told = Ending("none", "died")
    process.kill()
    process.join()
    return told


def collect(assignment: Assignment, part: str, suite: Path) -> None:
    """Have this process import and collect what trials of ``part`` need, which are forked from it.

    Without it every trial would do so for itself, which takes longer than the trial.
    """
    reference = LocalStudent(namespace(assignment))
    run_suite(suite, reference, reference_tensors(assignment.reference_file(part)))


def _question(
    assignment: Assignment, part: str, source: str, suite: Path, threads: int, told: Connection
) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    torch.set_num_threads(threads)
    try:
        found = namespace(assignment, {part: source})
    except Exception as error:
        told.send(Ending("the cell itself", type(error).__name__))
        return
    reference = reference_tensors(assignment.reference_file(part))
    for outcome in run_suite(suite, LocalStudent(found), reference):
        failure = outcome.failure
        if failure is not None:
            hint = failure.hint if isinstance(failure, Wrong) else ""
            told.send(Ending(outcome.name, outcome.outcome, hint))
            return
    told.send(PASSED)
