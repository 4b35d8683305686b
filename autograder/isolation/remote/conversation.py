"""The conversation with a worker, question by question, within the limits of a submission."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from autograder.isolation.process import Exit
from autograder.isolation.remote.deadlines import DEADLINES, Budget, Deadline, Deadlines
from autograder.isolation.remote.replies import failure_in, is_answer
from autograder.isolation.remote.wire import Channel, WireError, WireTimeout
from autograder.lab.testing.failures import (
    Crashed,
    Failure,
    GraderFault,
    OutOfMemory,
    TimedOut,
)
from autograder.support.closing import Closing

_END_SECONDS = 1.0


class Process(Protocol):
    """A confined process with a connected socket, as the sandbox forks it."""

    @property
    def sock(self) -> Any: ...
    def cpu_seconds(self) -> float: ...
    def asleep(self) -> bool: ...
    def wait(self, timeout: float) -> Exit | None: ...
    def kill(self) -> object: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Cell:
    """A cell to run: its name, its source, and whether it is locked (the kit's own)."""

    name: str
    source: str
    locked: bool = False


@dataclass(frozen=True)
class Overlay:
    """Reference code that takes the place of ``names`` once the student's cells have run."""

    source: str
    names: tuple[str, ...]


class Conversation(Closing):
    """Questions to a worker in which a notebook's cells have run.

    The worker starts at the first question. When it dies or is stopped at a limit, the
    next question starts another, in which the cells are run again, but for those that
    never ended. When the host kills it, every further question is the grader's fault.

    Args:
        fork: gives a fresh confined process.
        cells: the notebook's cells in order.
        deadlines: limits of time.
        overlays: reference code laid over the student's names.
        training: source of ``training.py``, where the training run is to be made.
        budget: what all workers of a submission may use together; default: one of its own.
    """

    def __init__(
        self,
        fork: Callable[[], Process],
        cells: Sequence[Cell],
        deadlines: Deadlines = DEADLINES,
        overlays: Sequence[Overlay] = (),
        training: str | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._fork = fork
        self._budget = budget or Budget(deadlines.submission)
        self._training = training
        self._cells = list(cells)
        self._deadlines = deadlines
        self._overlays = list(overlays)
        self._upto = len(self._cells)
        self._ran = 0
        self._process: Process | None = None
        self._channel: Channel | None = None
        self._number = 0
        self._given_up: set[str] = set()
        """Cells that ended a worker even when only their definitions were run."""
        self.cell_failures: dict[str, Failure] = {}
        self._asked_at = 0.0
        """CPU time of all workers when the last question was asked."""
        self.cpu_seconds = 0.0
        """CPU time of the workers that have ended."""
        self.killed = False
        """Whether the host killed a worker: to be started over, since nothing is known of it."""

    def close(self) -> None:
        """End the worker."""
        process, self._process, self._channel = self._process, None, None
        if process is not None:
            used = process.cpu_seconds()
            self.cpu_seconds += used
            self._budget.used += used
            process.kill()
            process.close()

    def run_cells(self) -> dict[str, Failure]:
        """Run the notebook now if no worker has; returns how cells ended that did not end well."""
        try:
            self._ensure()
        except GraderFault:
            raise
        except Failure:
            # Time is spent, or an overlay was tampered with: every question will say so.
            pass
        return self.cell_failures

    def go_to(self, count: int) -> None:
        """Have the first ``count`` cells run, and no others of those that have not been.

        Questions are then answered as the notebook stands there. Meant to be called with growing
        counts; where a worker is started anew, it runs as many.
        """
        self._upto = count
        if self._channel is not None:
            with contextlib.suppress(Failure):  # the next question will say so
                self._run(self._cells[self._ran : count])

    def spent_on_last(self) -> float:
        """CPU seconds of the workers since the last question was asked."""
        return self.cpu_seconds + self._used() - self._asked_at

    def _ensure(self) -> None:
        """Have a worker that has run the cells."""
        if self.killed:
            raise HostKilled
        if self._channel is not None:
            return
        attempts = 2 * len(self._cells) + 1
        for attempt in range(attempts):
            self._process = self._fork()
            self._channel = Channel(self._process.sock)
            if self._replay():
                return
            if attempt == attempts - 1:
                break
        raise GraderFault("the worker does not survive the notebook's cells")

    def _replay(self) -> bool:
        """Run cells and overlays in a new worker; False when a cell ended the worker."""
        self._ran = 0
        if self._training is not None:
            self._own("training.py", "training", source=self._training)
        if not self._run(self._cells[: self._upto]):
            return False
        for overlay in self._overlays:
            try:
                self.ask("define", source=overlay.source, names=list(overlay.names))
            except Failure:
                self.close()  # what lacks its overlays must not answer
                raise
        return True

    def _run(self, cells: Sequence[Cell]) -> bool:
        """Run cells in the worker at hand; False when one of them ended it."""
        for cell in cells:
            stopped = isinstance(self.cell_failures.get(cell.name), TimedOut | _Died)
            self._ran += 1
            if stopped and cell.name in self._given_up:
                continue
            how = "whole" if cell.locked else "definitions" if stopped else "statements"
            if stopped:
                self._given_up.add(cell.name)
            try:
                self.ask("exec", self._deadlines.cell, cell=cell.name, source=cell.source, how=how)
            except Failure as failure:
                if self._spent(self._used()) or self.killed:
                    raise
                if cell.locked:
                    raise GraderFault(f"locked cell {cell.name}: {_in_words(failure)}") from failure
                self.cell_failures.setdefault(cell.name, failure)
                if self._channel is None:
                    return False
            else:
                self._given_up.discard(cell.name)
        return True

    def _own(self, what: str, op: str, **fields: Any) -> None:
        """Have the worker take code of the kit's, before any of the student's has run.

        Raises:
            GraderFault: it does not, and neither time nor the host is why.
        """
        try:
            self.ask(op, **fields)
        except Failure as failure:
            if self._spent(self._used()) or self.killed:
                raise
            raise GraderFault(f"{what}: {_in_words(failure)}") from failure

    def ask(self, op: str, deadline: Deadline | None = None, /, **fields: Any) -> dict[str, Any]:
        """One exchange. The worker's failure is raised; a broken exchange ends the worker."""
        if self.killed:
            raise HostKilled
        used = self._used()
        if self._spent(used):
            self.close()
            raise TimedOut(f"{self._budget.limit.cpu_seconds:g} s of CPU time in all")
        if self._budget.full:
            self.close()
            raise OutOfMemory
        if self._channel is None:
            self._ensure()
            used = self._used()
        self._asked_at = self.cpu_seconds + used
        channel, process = self._channel, self._process
        assert channel is not None
        assert process is not None
        self._number += 1
        deadline = deadline or self._deadlines.call
        allowed = deadline.started(process.cpu_seconds, used, process.asleep)
        try:
            channel.send({"op": op, "id": self._number, "with": fields}, allowed)
            reply = channel.receive(allowed)
        except WireTimeout:
            self.close()
            raise TimedOut(f"{deadline.cpu_seconds:g} s of CPU time") from None
        except WireError as error:
            self.killed = self._was_killed(process)
            self.close()
            if self.killed:
                raise HostKilled from None
            raise _Died(str(error)) from None
        if not is_answer(reply, self._number):
            self.close()
            raise _Died("no answer to the question asked")
        if "failure" in reply:
            raise failure_in(reply["failure"])
        return reply

    def _was_killed(self, process: Process) -> bool:
        """Whether another's SIGKILL ended the worker: an administrator's, or for want of memory.

        The filter of system calls leaves a worker no way to send itself one, and the kernel
        sends one only at the limit of processor time.
        """
        ended = process.wait(_END_SECONDS)
        if ended is None or ended.signal is not signal.SIGKILL:
            return False
        return ended.cpu_seconds < self._budget.left

    def _used(self) -> float:
        """CPU time of the worker at hand."""
        return self._process.cpu_seconds() if self._process else 0.0

    def _spent(self, used: float) -> bool:
        """Whether the submission's own limits are used up; nothing is started then."""
        return self._budget.left - used < 0 or self._budget.overdue


class _Died(Crashed):
    """The worker went away in the middle of an exchange: killed, or spoke out of turn."""

    def __init__(self, reason: str) -> None:
        super().__init__("the end of its process", reason)


class HostKilled(GraderFault):
    """The host killed a worker; nothing is known of the student's code then."""

    def __init__(self) -> None:
        super().__init__("the host killed the worker, by hand or for want of memory")


def _in_words(failure: Failure) -> str:
    return f"{failure} {failure.detail}" if isinstance(failure, Crashed) else str(failure)
