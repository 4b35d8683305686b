"""The jobs of :mod:`autograder.batch.bulk` on a Dask cluster that is running already.

Every worker process proves its own isolation level, and that its kit and its suites are the
client's, before it is given a submission; one that cannot is refused and the others go on.
Each then holds one grader with its warm sandbox, and has one item at a time, whatever its
number of threads: Dask's own ``map`` promises neither. The course's folder must be at the same
path everywhere.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from autograder.batch.bulk import run_and_free
from autograder.store.conditions import kit_digest
from autograder.support.errors import SpeechmarkError

if TYPE_CHECKING:
    from distributed import Client, Future

    from autograder.grading.grader import Grader
    from autograder.grading.job import Job

Item = TypeVar("Item")
Done = TypeVar("Done")

ATTEMPTS = 2
"""How often an item is tried when the worker that has it is lost."""
PATIENCE = 60.0
"""Seconds to wait for a worker when there is none."""

CONNECTING = 10
"""Seconds to wait for the scheduler's answer."""

_PERIOD = 0.5
_MISSING = "Grading on a cluster needs Dask: pip install 'speechmark[dask]'"


class Refused(SpeechmarkError):
    """A worker is not fit to grade; the message says why."""


def pool_map(
    job: Job,
    task: Callable[[Grader, Item], Done],
    items: Sequence[Item],
    jobs: int,
    *,
    address: str,
) -> Iterator[tuple[Item, Done | None]]:
    """Give each item to a worker of the cluster; else as :func:`autograder.batch.bulk.pool_map`.

    Args:
        job: how each worker sets its grader up; its proof is replaced by the worker's own.
        task: a function of a module, called with the worker's grader and an item.
        items: picklable, and so must be what comes back.
        jobs: most items at a time; 0: as many as there are workers.
        address: of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Yields:
        Each item as it is done, with its outcome; None if its worker was lost twice.

    Raises:
        SpeechmarkError: Dask is not installed, the scheduler does not answer, all workers are
            refused, or there has been none for a minute.
    """
    if not items:
        return
    facts = _facts(job)
    with _connected(address) as client:
        pool: _Pool[Item, Done] = _Pool(client, job, facts, task, jobs)
        pool.waiting = [(item, 1) for item in reversed(items)]
        try:
            while pool.waiting or pool.running:
                yield from pool.turn()
        finally:
            pool.close()


@dataclass
class _Pool(Generic[Item, Done]):
    """The client's view of the workers, and which item each of them has."""

    client: Client
    job: Job
    facts: dict[str, str]
    task: Callable[[Grader, Item], Done]
    jobs: int
    waiting: list[tuple[Item, int]] = field(default_factory=list)
    """Items with the number of their next attempt, the first at the end."""
    running: dict[Future, tuple[str, Item, int]] = field(default_factory=dict)
    proving: dict[Future, str] = field(default_factory=dict)
    idle: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Worker to reason."""
    alone: float = 0.0
    """Seconds without any worker."""

    def turn(self) -> Iterator[tuple[Item, Done | None]]:
        """See who is there, hand out items, wait a little, and yield what is done."""
        present = self._present()
        yield from self._drop(present)
        known = {*self.proving.values(), *self.idle, *self.refused}
        known |= {worker for worker, _, _ in self.running.values()}
        for worker in sorted(present - known):
            self.proving[self._submit(worker, _prepare, self.job, self.facts)] = worker
        while self.idle and self.waiting and (not self.jobs or len(self.running) < self.jobs):
            worker, (item, attempt) = self.idle.pop(0), self.waiting.pop()
            future = self._submit(worker, _run, self.job, self.facts, self.task, item)
            self.running[future] = (worker, item, attempt)
        self._check_anyone_is_left(present)
        for future in self._finished():
            if future in self.proving:
                self._judge(future)
            else:
                yield from self._collect(future)

    def _present(self) -> set[str]:
        try:
            return set(self.client.nthreads())
        except (OSError, RuntimeError) as error:
            raise SpeechmarkError(
                "The Dask scheduler is gone. What was graded is kept; the same command goes on "
                "from there."
            ) from error

    def close(self) -> None:
        """Take back what was handed out and have the workers end their graders."""
        futures = [*self.running, *self.proving]
        workers = {*self.idle, *self.proving.values()}
        workers |= {worker for worker, _, _ in self.running.values()}
        with suppress(Exception):
            self.client.cancel(futures)
            ends = [self._submit(worker, _end) for worker in workers]
            if ends:
                _wait(ends, 5.0, until="ALL_COMPLETED")

    def _submit(self, worker: str, function: Callable[..., Any], *args: object) -> Future:
        # As bytes, since the scheduler reads arguments and need not load what they name.
        call = pickle.dumps((function, args))
        future: Future = self.client.submit(
            _call, call, workers=[worker], allow_other_workers=False, pure=False
        )
        return future

    def _drop(self, present: set[str]) -> Iterator[tuple[Item, Done | None]]:
        """Forget lost workers; their items wait again, unless that has happened before."""
        self.idle = [worker for worker in self.idle if worker in present]
        self.refused = {w: why for w, why in self.refused.items() if w in present}
        for future in [f for f, worker in self.proving.items() if worker not in present]:
            del self.proving[future]
            self.client.cancel([future])
        for future in [f for f, has in self.running.items() if has[0] not in present]:
            yield from self._lost(future)

    def _lost(self, future: Future) -> Iterator[tuple[Item, Done | None]]:
        _, item, attempt = self.running.pop(future)
        self.client.cancel([future])
        if attempt < ATTEMPTS:
            self.waiting.append((item, attempt + 1))
        else:
            yield item, None

    def _check_anyone_is_left(self, present: set[str]) -> None:
        if self.running or self.proving or self.idle:
            self.alone = 0.0
            return
        if present:
            reasons = "\n".join(f"{w}: {why}" for w, why in sorted(self.refused.items()))
            raise SpeechmarkError(f"No worker of the cluster is fit to grade.\n{reasons}")
        self.alone += _PERIOD
        if self.alone > PATIENCE:
            raise SpeechmarkError(
                "The cluster has no worker. What was graded is kept; start workers with "
                "`dask worker ADDRESS` and give the same command again."
            )

    def _finished(self) -> list[Future]:
        futures = [*self.running, *self.proving]
        _wait(futures, _PERIOD)
        return [future for future in futures if future.done()]

    def _judge(self, future: Future) -> None:
        worker = self.proving.pop(future)
        if future.status == "finished":
            self.idle.append(worker)
        elif future.status == "error":
            error = future.exception()
            known = isinstance(error, SpeechmarkError)
            self.refused[worker] = str(error) if known else f"{type(error).__name__}: {error}"

    def _collect(self, future: Future) -> Iterator[tuple[Item, Done | None]]:
        from distributed import KilledWorker

        worker, item, attempt = self.running[future]
        error = future.exception() if future.status == "error" else None
        if future.status == "finished":
            del self.running[future]
            self.idle.append(worker)
            yield item, future.result()
        elif isinstance(error, Refused):
            # Another process has come up at the address of a worker that was fit.
            del self.running[future]
            self.refused[worker] = str(error)
            self.waiting.append((item, attempt))
        elif error is None or isinstance(error, KilledWorker):
            yield from self._lost(future)
        else:
            raise error


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise SpeechmarkError(_MISSING) from error
    logging.getLogger("distributed").setLevel(logging.ERROR)
    try:
        return Client(address, timeout=CONNECTING)
    except (OSError, ValueError) as error:
        raise SpeechmarkError(
            f"No Dask scheduler answers at {address}. Start one with `dask scheduler`, or leave "
            "--dask out to grade on this machine."
        ) from error


def _wait(futures: Sequence[Future], seconds: float, until: str = "FIRST_COMPLETED") -> None:
    """Until one of ``futures`` is done, or all, but no longer than so many seconds."""
    from distributed import wait

    if not futures:
        time.sleep(seconds)
        return
    with suppress(TimeoutError, asyncio.CancelledError):
        wait(futures, timeout=seconds, return_when=until)


def _facts(job: Job) -> dict[str, str]:
    """What must be the same on all machines, so that their results are: code and versions."""
    return {
        "kit": kit_digest(),
        "suites": job.assignment.suites_digest,
        "torch": version("torch"),
    }


# What follows runs on the workers. Their graders live in a thread of their own: a sandbox ends
# with the thread that started it, and PyTorch counts threads for each thread that calls it.

_grader: tuple[Job, Grader] | None = None


def _call(call: bytes) -> object:
    function, args = pickle.loads(call)
    return function(*args)


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "grader")


def _prepare(job: Job, facts: dict[str, str]) -> None:
    _thread().submit(_grader_for, job, facts).result()


def _run(job: Job, facts: dict[str, str], task: Callable[[Grader, Item], Done], item: Item) -> Done:
    return _thread().submit(lambda: run_and_free(task, _grader_for(job, facts), item)).result()


def _end() -> None:
    _thread().submit(_close_grader).result()


def _grader_for(job: Job, facts: dict[str, str]) -> Grader:
    """This process's grader, made if there is none or one for another job.

    Raises:
        Refused: this process is below the level asked for, or not like the client.
    """
    global _grader
    if _grader is None or _grader[0] != job:
        from autograder.isolation.proof.canaries import require

        _close_grader()
        try:
            here = _facts(job)
            other = [name for name in facts if here[name] != facts[name]]
            if other:
                raise Refused(f"Not the same {' and '.join(other)} as where the grading started.")
            _grader = (job, replace(job, proof=require(job.level)).grader())
        except SpeechmarkError as error:
            raise Refused(str(error)) from None
    return _grader[1]


def _close_grader() -> None:
    global _grader
    if _grader is not None:
        _grader[1].close()
        _grader = None
