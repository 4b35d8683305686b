"""The outside of the wall: the ``student`` object that hidden suites question.

Every call is a message to a worker; tensors come back as plain numbers, so nothing the
student's code returns can act on this side. Gradients cross too: the backward pass of a
call asks the worker for a vector-Jacobian product, so ``backward`` and
``torch.autograd.gradcheck`` work as on a local function (first derivatives).
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from autograder.isolation.process import Exit
from autograder.isolation.remote.deadlines import DEADLINES, Budget, Costly, Deadline, Deadlines
from autograder.isolation.remote.wire import (
    Channel,
    GeneratorState,
    Handle,
    WireError,
    WireTimeout,
)
from autograder.lab.testing.failures import (
    Crashed,
    Failure,
    GraderFault,
    Missing,
    OutOfMemory,
    TimedOut,
)
from autograder.lab.testing.student import Module, Student
from autograder.support.closing import Closing

_MAX_NAME, _MAX_DETAIL = 80, 2000
_END_SECONDS = 1.0
_TABLE = 624
"""Numbers that the Mersenne Twister of ``torch.Generator`` makes at a time."""


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


class RemoteStudent(Student, Closing):
    """A student's notebook behind the wall.

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
        self._seed: int | None = None
        self._switches: list[tuple[int, str]] = []
        self._given_up: set[str] = set()
        """Cells that ended a worker even when only their definitions were run."""
        self._costly = Costly()
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
        self._switches = []  # its modules end with it
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
        self._costly.forget()
        if self._channel is not None:
            with contextlib.suppress(Failure):  # the next question will say so
                self._run(self._cells[self._ran : count])

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        value, reply = self._differentiable("call", {"name": name, "kwargs": kwargs}, args)
        self.mutated = _mutated(reply)
        return value

    def seed(self, seed: int) -> None:
        self._seed = seed  # a message of its own would cost as much as many a call

    def switch(self, module: int, mode: str) -> None:
        """Switch a module to the mode "train" or "eval", with what is asked next."""
        self._switches.append((module, mode))

    def has(self, name: str) -> bool:
        return self._ask("has", name=name).get("value") is True

    def training_step(self, step: str, **fields: Any) -> dict[str, Any]:
        """One step of the training run, a method of the worker's ``TrainingRun``."""
        value = self._ask("step", self._deadlines.training, step=step, fields=fields).get("value")
        if not isinstance(value, dict):
            raise Crashed("ProtocolError", f"{step}: the answer is no dict")
        return value

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
                self._ask("define", source=overlay.source, names=list(overlay.names))
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
                self._ask("exec", self._deadlines.cell, cell=cell.name, source=cell.source, how=how)
            except Failure as failure:
                if self._spent(self._used()) or self.killed:
                    raise
                if cell.locked:
                    raise GraderFault(f"locked cell {cell.name}: {_told(failure)}") from failure
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
            self._ask(op, **fields)
        except Failure as failure:
            if self._spent(self._used()) or self.killed:
                raise
            raise GraderFault(f"{what}: {_told(failure)}") from failure

    def _ask(self, op: str, deadline: Deadline | None = None, /, **fields: Any) -> dict[str, Any]:
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
        if not _answers(reply, self._number):
            self.close()
            raise _Died("no answer to the question asked")
        if "failure" in reply:
            raise _failure(reply["failure"])
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

    def _differentiable(
        self,
        op: str,
        fields: dict[str, Any],
        args: tuple[Any, ...],
    ) -> tuple[Any, dict[str, Any]]:
        """Exchange a call; its tensor outputs are tied to its tensor inputs by autograd.

        Args:
            op: what the worker is to do.
            fields: of the message; ``kwargs`` among them, if there are any.
            args: of the call.
        """
        kwargs = fields.get("kwargs", {})
        given = {**{str(i): a for i, a in enumerate(args)}, **kwargs}
        generators = {k: v for k, v in given.items() if isinstance(v, torch.Generator)}
        fields = fields | {"args": tuple(_crossing(a) for a in args)}
        if kwargs:
            fields["kwargs"] = {k: _crossing(v) for k, v in kwargs.items()}
        inputs = [v for v in given.values() if isinstance(v, Tensor) and v.requires_grad]
        # A module has parameters, and what is done to them could be recorded in a graph.
        modules = any(isinstance(v, RemoteModule) for v in given.values())
        grad = (bool(inputs) or modules) and torch.is_grad_enabled()
        seed, self._seed = self._seed, None
        switches, self._switches = self._switches, []
        what = str(fields.get("name") or fields.get("method"))
        self._costly.check(what)
        try:
            reply = self._ask(op, **fields, grad=grad, seed=seed, switches=switches)
        except Crashed as failure:
            self._costly.note(what, failure, self.cpu_seconds + self._used() - self._asked_at)
            raise
        self.answers += 1
        for key, state in reply.get("generators", {}).items():
            if key in generators and isinstance(state, GeneratorState):
                _restore(generators[key], state.state)
        value = reply.get("value")
        if isinstance(value, Handle):
            return RemoteModule(self, value.id), reply
        outputs: list[Tensor] = []
        _collect(value, outputs)
        graph = reply.get("graph")
        if not (grad and outputs and isinstance(graph, int)):
            return _substitute(value, iter([o.detach() for o in outputs])), reply
        tied = _ThroughTheWall.apply(self, graph, [o.detach() for o in outputs], *inputs)
        return _substitute(value, iter(tied)), reply

    def vjp(self, graph: int, cotangents: list[Tensor]) -> list[Tensor | None]:
        """Cotangents of a call's inputs from those of its outputs."""
        value = self._ask("vjp", graph=graph, cotangents=cotangents).get("value")
        if not isinstance(value, list):
            raise Crashed("ProtocolError", "a backward pass that returns no list")
        return [v if isinstance(v, Tensor) else None for v in value]


class _Died(Crashed):
    """The worker went away in the middle of an exchange: killed, or spoke out of turn."""

    def __init__(self, reason: str) -> None:
        super().__init__("the end of its process", reason)


class HostKilled(GraderFault):
    """The host killed a worker; nothing is known of the student's code then."""

    def __init__(self) -> None:
        super().__init__("the host killed the worker, by hand or for want of memory")


class _ThroughTheWall(torch.autograd.Function):
    """Ties outputs computed in the worker to inputs on this side."""

    @staticmethod
    def forward(
        ctx: Any, student: RemoteStudent, graph: int, outputs: list[Tensor], *inputs: Tensor
    ) -> tuple[Tensor, ...]:
        ctx.student, ctx.graph = student, graph
        ctx.shapes = [(i.shape, i.dtype) for i in inputs]
        return tuple(outputs)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *cotangents: Tensor) -> tuple[Any, ...]:
        grads = ctx.student.vjp(ctx.graph, list(cotangents))
        fits = len(grads) == len(ctx.shapes) and all(
            g is None or (g.shape, g.dtype) == s for g, s in zip(grads, ctx.shapes, strict=True)
        )
        if not fits:
            raise Crashed("ProtocolError", "gradients that do not fit the inputs")
        return (None, None, None, *grads)


class RemoteModule(Module):
    """A module that stays in the worker. A switch of its mode goes with what is asked next."""

    def __init__(self, student: RemoteStudent, number: int) -> None:
        self._student = student
        self._number = number

    def _method(self, method: str, *args: Any) -> Any:
        fields = {"id": self._number, "method": method}
        value, reply = self._student._differentiable("module", fields, args)
        self.mutated = _mutated(reply)
        return value

    def __call__(self, *args: Any) -> Any:
        return self._method("__call__", *args)

    def call(self, method: str, /, *args: Any) -> Any:
        return self._method("call", method, *args)

    def train(self) -> Self:
        self._student.switch(self._number, "train")
        return self

    def eval(self) -> Self:
        self._student.switch(self._number, "eval")
        return self

    def parameter_count(self) -> int:
        count = self._method("parameter_count")
        return count if isinstance(count, int) else 0

    def gradients(self, x: Tensor, cotangent: Tensor) -> dict[str, Tensor | None]:
        grads = self._method("gradients", x, cotangent)
        return grads if isinstance(grads, dict) else {}

    def moved(self, by: Mapping[str, Tensor], *args: Any) -> Any:
        return self._method("moved", dict(by), *args)

    def state_dict(self) -> dict[str, Tensor]:
        state = self._method("state_dict")
        return state if isinstance(state, dict) else {}

    def attribute(self, name: str) -> Any:
        return self._method("attribute", name)


def _crossing(value: Any) -> Any:
    """An argument as it is sent: a module as its number."""
    return Handle(value._number) if isinstance(value, RemoteModule) else value


def _mutated(reply: dict[str, Any]) -> tuple[str, ...]:
    """Which arguments the worker says were changed."""
    return tuple(str(key)[:_MAX_NAME] for key in reply.get("mutated", ()))


def _collect(value: Any, outputs: list[Tensor]) -> None:
    """The differentiable tensors of an answer, in the order in which the worker keeps them."""
    if isinstance(value, Tensor):
        if value.requires_grad:
            outputs.append(value)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, outputs)
    elif isinstance(value, dict):
        for item in value.values():
            _collect(item, outputs)


def _substitute(value: Any, tensors: Any) -> Any:
    if isinstance(value, Tensor):
        return next(tensors) if value.requires_grad else value
    if isinstance(value, list | tuple):
        return type(value)(_substitute(v, tensors) for v in value)
    if isinstance(value, dict):
        return {k: _substitute(v, tensors) for k, v in value.items()}
    return value


def _restore(generator: torch.Generator, state: Tensor) -> None:
    """Set a state that came back, if it is one that such a generator can be in.

    torch takes any bytes of the right number for the Mersenne Twister's table, and reads past it
    where the place in it is beyond its end.
    """
    try:
        like = generator.get_state()
        if state.dtype != like.dtype or state.shape != like.shape:
            raise RuntimeError("another form")
        left = int(state[8:12].clone().view(torch.int32))
        place = int(state[16:24].clone().view(torch.int64))
        if not 1 <= left <= _TABLE or place not in (_TABLE + 1 - left, 0 if left == 1 else -1):
            raise RuntimeError("a place beyond the table")
        generator.set_state(state)
    except (RuntimeError, TypeError) as error:
        raise Crashed("ProtocolError", "a generator state that is none") from error


def _answers(reply: dict[str, Any], number: int) -> bool:
    """Whether a reply has the form of an answer to question ``number``.

    Identity of types comes first: a tensor as an id would compare elementwise.
    """
    return (
        type(reply.get("id")) is int
        and reply["id"] == number
        and type(reply.get("generators", {})) is dict
        and type(reply.get("mutated", [])) is list
        and type(reply.get("graph", 0)) is int
    )


def _told(failure: Failure) -> str:
    return f"{failure} {failure.detail}" if isinstance(failure, Crashed) else str(failure)


def _failure(described: Any) -> Failure:
    """The failure a worker reports; anything malformed counts as a crash."""
    match described:
        case {"class": "Missing", "with": {"name": str(name)}}:
            return Missing(name[:_MAX_NAME])
        case {"class": "OutOfMemory"}:
            return OutOfMemory()
        case {"class": "Crashed", "with": {"kind": str(kind), "detail": str(detail), **rest}}:
            line, cell = rest.get("line"), rest.get("cell")
            return Crashed(
                kind[:_MAX_NAME],
                detail[:_MAX_DETAIL],
                line if type(line) is int else None,
                cell[:_MAX_NAME] if isinstance(cell, str) else None,
                undefined[:_MAX_NAME] if isinstance(undefined := rest.get("name"), str) else None,
            )
    return Crashed("ProtocolError", "a failure of no known kind")
