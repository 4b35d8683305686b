"""Many submissions: which there are, and grading them side by side.

Each process holds one grader and takes the next submission when it is done with one; all
take their workers from one warm sandbox. A result is stored as soon as it is there, so an
interrupted run goes on where it stopped.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING, Any, TypeVar

from autograder.batch.stored import stored_results
from autograder.course.results import SubmissionResult, fault_in_words, not_graded
from autograder.course.submissions import Submission
from autograder.grading.job import Job
from autograder.support.errors import SpeechmarkError

if TYPE_CHECKING:
    from autograder.grading.grader import Grader

_JOB_MEMORY = 3 << 30
"""Bytes that a job may come to hold: grader, warm sandbox and worker."""

_MANY = 10_000
"""More objects than so many are set aside once they have outlived a collection."""

_ATTEMPTS = 2
"""How often an item is tried when the process that has it dies."""

Item = TypeVar("Item")
Done = TypeVar("Done")
PoolMap = Callable[..., Iterator[tuple[Any, Any]]]
"""A function with the signature of :func:`pool_map`."""


def auto_jobs() -> int:
    """One job per core, as far as memory goes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(cores or 1, memory // _JOB_MEMORY))


def pool_map(
    job: Job, task: Callable[[Grader, Item], Done], items: Sequence[Item], jobs: int
) -> Iterator[tuple[Item, Done | None]]:
    """Give each item to a process with a grader of its own, ``jobs`` at a time.

    Args:
        job: how each process sets its grader up.
        task: a function of a module, called with the process's grader and an item.
        items: picklable, and so must be what comes back.
        jobs: number of processes; 0 for as many as fit.

    Yields:
        Each item as it is done, with its outcome; None if the process died over it twice.
    """
    if not items:
        return
    # Not forks of this process, which may have threads, but of one that has imported what
    # a grader needs and done nothing else. It does so while the sandbox warms up.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "autograder.grading.grader"])
    forkserver.ensure_running()
    with job.warmed() as lent:
        yield from _side_by_side(context, job, lent, task, items, jobs or auto_jobs())


def _side_by_side(
    context: BaseContext,
    job: Job,
    lent: socket.socket | None,
    task: Callable[[Grader, Item], Done],
    items: Sequence[Item],
    jobs: int,
) -> Iterator[tuple[Item, Done | None]]:
    """:func:`pool_map`, with a fresh pool after a process has died."""
    waiting = [(item, 1) for item in reversed(items)]
    while waiting:
        # What a process died over is tried again alone, so that it takes no other item along.
        again = waiting[-1][1] > 1
        side_by_side = 1 if again else min(jobs, len(waiting))
        given = (job, lent, dict(os.environ))
        pool = ProcessPoolExecutor(side_by_side, context, _start, given)
        running: dict[Future[Done], tuple[Item, int]] = {}
        try:
            while running or (waiting and (waiting[-1][1] > 1) == again):
                while waiting and len(running) < side_by_side and (waiting[-1][1] > 1) == again:
                    item, attempt = waiting.pop()
                    running[pool.submit(_run, task, item)] = (item, attempt)
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    done = future.result()
                    yield running.pop(future)[0], done
        except BrokenProcessPool:
            for item, attempt in running.values():
                if attempt < _ATTEMPTS:
                    waiting.append((item, attempt + 1))
                else:
                    yield item, None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_grader: Grader | SpeechmarkError | None = None
"""What this process grades with, or why it cannot."""


def _start(job: Job, lent: socket.socket | None, environment: dict[str, str]) -> None:
    global _grader
    # That of the fork server may be older.
    os.environ.clear()
    os.environ.update(environment)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _grader = job.grader(lent)
    except SpeechmarkError as error:
        _grader = error


def _end_with_parent() -> None:
    """End this process of a pool when the one it works for ends; pools do not see to that."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _run(task: Callable[[Grader, Item], Done], item: Item) -> Done:
    assert _grader is not None
    if isinstance(_grader, SpeechmarkError):
        raise _grader
    return run_and_free(task, _grader, item)


def run_and_free(task: Callable[[Grader, Item], Done], grader: Grader, item: Item) -> Done:
    """``task(grader, item)``, and nothing of it stays in memory."""
    try:
        return task(grader, item)
    finally:
        # The traceback of a test that failed is a cycle, and holds megabytes of tensors. Too
        # few objects are made for the collector to come by itself.
        gc.collect()
        if len(gc.get_objects()) > _MANY:
            # The modules, the grader and its suites stay. What was set aside before and has become
            # garbage since is found only now.
            gc.unfreeze()
            gc.collect()
            gc.freeze()


def grade_all(
    job: Job,
    submissions: Sequence[Submission],
    jobs: int,
    regrade: bool = False,
    pool_map: PoolMap = pool_map,
) -> Iterator[tuple[Submission, SubmissionResult]]:
    """Grade ``submissions``, ``jobs`` at a time; yields each as it is done.

    Args:
        job: how to grade.
        submissions: what to grade.
        jobs: number of processes; 0 for as many as fit.
        regrade: grade even what has a stored result.
        pool_map: how items come to processes; another one uses a cluster.
    """
    # What is stored needs no process with a sandbox.
    found = {} if regrade else stored_results(job, submissions)
    yield from found.items()
    waiting = [submission for submission in submissions if submission not in found]
    if not waiting:
        return
    for submission, done in pool_map(job, partial(_grade, regrade), waiting, jobs):
        if done is None:
            yield submission, _died(job, submission)
        else:
            yield submission, SubmissionResult.model_validate_json(done)


def _died(job: Job, submission: Submission) -> SubmissionResult:
    from autograder.grading.grader import environment

    assert job.proof is not None
    where = environment(job.assignment, job.device, job.proof)
    why = "The grader's own process died over this submission, twice."
    return not_graded(submission.name, job.assignment, why, where)


def _grade(regrade: bool, grader: Grader, submission: Submission) -> str:
    try:
        result = grader.result(submission.name, submission.notebook(), regrade)
        return result.model_dump_json()
    except SpeechmarkError as error:
        why = str(error)
    except Exception as fault:
        why = fault_in_words(fault)
    record = not_graded(submission.name, grader.assignment, why, grader.environment())
    return record.model_copy(update={"refused": why if submission.shown else ""}).model_dump_json()
