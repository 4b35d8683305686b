"""The inside of the wall: serves calls into one student's notebook.

Started in a confined process with one connected socket, it runs the student's cells and
answers requests until the socket closes. It holds no hidden test, no reference tensor, no
label; whatever the student's code does to this process, the grader sees only messages.
"""

from __future__ import annotations

import os
import socket
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from autograder.isolation.remote.tensors import differentiable
from autograder.isolation.remote.wire import Channel, GeneratorState, Handle, WireError
from autograder.lab.testing.cells import How, fresh_namespace, run_cell
from autograder.lab.testing.failures import Crashed, Failure, Missing
from autograder.lab.testing.student import LocalModule, LocalStudent, blame

if TYPE_CHECKING:
    from autograder.isolation.remote.training import TrainingRun

_MAX_GRAPHS = 64


def serve(sock: socket.socket) -> None:
    """Answer requests on ``sock`` until the grader closes it."""
    silence()
    Worker(Channel(sock)).run()


class Worker:
    """The state of one worker: a namespace, its modules, and graphs kept for backward passes."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._namespace = fresh_namespace()
        self._student = LocalStudent(self._namespace)
        self._modules: dict[int, LocalModule] = {}
        self._graphs: OrderedDict[int, tuple[list[Tensor], list[Tensor]]] = OrderedDict()
        self._training: TrainingRun | None = None
        self._next = 0

    def run(self) -> None:
        """Answer requests one by one; a request's failure is its answer."""
        while True:
            try:
                request = self._channel.receive()
            except WireError:
                return
            reply: dict[str, Any] = {"id": request.get("id")}
            try:
                operation: Callable[..., dict[str, Any]] = getattr(self, "_do_" + request["op"])
                reply |= operation(**request["with"])
                self._channel.send(reply)
            except BaseException as error:  # student code may raise SystemExit and worse
                if isinstance(error, WireError):
                    return
                self._channel.send({"id": request.get("id"), "failure": _describe(blame(error))})

    def _do_exec(self, cell: str, source: str, how: How) -> dict[str, Any]:
        run_cell(self._namespace, cell, source, how)
        return {}

    def _do_define(self, source: str, names: list[str]) -> dict[str, Any]:
        """Define ``names`` as ``source`` does, leaving the rest of the namespace alone."""
        scope = dict(self._namespace)
        run_cell(scope, "reference", source, "whole")
        self._namespace.update({name: scope[name] for name in names})
        return {}

    def _do_has(self, name: str) -> dict[str, Any]:
        return {"value": self._student.has(name)}

    def _do_call(
        self,
        name: str,
        args: tuple[Any, ...],
        grad: bool,
        seed: int | None,
        switches: list[tuple[int, str]],
        kwargs: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        self._prepare(seed, switches)
        reply = self._answer(partial(self._student.call, name), args, kwargs or {}, grad)
        reply["mutated"] = list(self._student.mutated)
        return reply

    def _do_module(
        self,
        id: int,
        method: str,
        args: tuple[Any, ...],
        grad: bool,
        seed: int | None,
        switches: list[tuple[int, str]],
    ) -> dict[str, Any]:
        self._prepare(seed, switches)
        module = self._modules[id]
        function = module if method == "__call__" else getattr(module, method)
        reply = self._answer(function, args, {}, grad)
        reply["mutated"] = list(module.mutated)
        return reply

    def _prepare(self, seed: int | None, switches: list[tuple[int, str]]) -> None:
        """Seed the random sources, and switch the modes of modules, before a question."""
        if seed is not None:
            self._student.seed(seed)
        for id, mode in switches:
            getattr(self._modules[id], mode)()

    def _answer(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        grad: bool,
    ) -> dict[str, Any]:
        generators: dict[str, torch.Generator] = {}

        def revive(key: str, value: Any) -> Any:
            if isinstance(value, Handle):
                return self._modules[value.id]
            if isinstance(value, GeneratorState):
                generators[key] = torch.Generator()
                generators[key].set_state(value.state)
                return generators[key]
            return value

        args = tuple(revive(str(i), a) for i, a in enumerate(args))
        kwargs = {k: revive(k, a) for k, a in kwargs.items()}
        inputs = [a for a in (*args, *kwargs.values()) if isinstance(a, Tensor) and a.requires_grad]
        with torch.set_grad_enabled(grad):
            value = function(*args, **kwargs)
        reply: dict[str, Any] = {"generators": dict(generators)}
        if isinstance(value, LocalModule):
            self._next += 1
            self._modules[self._next] = value
            return reply | {"value": Handle(self._next)}
        outputs = differentiable(value)
        if grad and outputs and inputs:
            self._next += 1
            self._graphs[self._next] = (outputs, inputs)
            reply["graph"] = self._next
            while len(self._graphs) > _MAX_GRAPHS:
                self._graphs.popitem(last=False)
        return reply | {"value": value}

    def _do_vjp(self, graph: int, cotangents: list[Tensor | None]) -> dict[str, Any]:
        """Cotangents of a call's inputs, given those of its differentiable outputs."""
        outputs, inputs = self._graphs[graph]
        pairs = [(o, c) for o, c in zip(outputs, cotangents, strict=True) if c is not None]
        # The call may have told an input to require no gradient any more.
        followed = [i for i in inputs if i.requires_grad]
        grads = iter(
            torch.autograd.grad(
                [o for o, _ in pairs],
                followed,
                [c for _, c in pairs],
                retain_graph=True,
                allow_unused=True,
            )
            if followed
            else ()
        )
        return {"value": [next(grads) if i.requires_grad else None for i in inputs]}

    def _do_training(self, source: str) -> dict[str, Any]:
        """Take ``training.py``, before any code of the student's has run."""
        from autograder.isolation.remote.training import TrainingRun

        self._training = TrainingRun(source)
        return {}

    def _do_step(self, step: str, fields: dict[str, Any]) -> dict[str, Any]:
        assert self._training is not None
        if step == "build":
            fields = {"namespace": self._namespace, **fields}
        return {"value": getattr(self._training, step)(**fields) or {}}


def _describe(failure: Failure) -> dict[str, Any]:
    if isinstance(failure, Crashed):
        fields: dict[str, Any] = {
            "kind": failure.kind[:80],
            "detail": failure.detail,
            "line": failure.line,
            "cell": failure.cell,
            "name": failure.name[:80] if failure.name else None,
        }
    elif isinstance(failure, Missing):
        fields = {"name": failure.name[:80]}
    else:
        fields = {}
    return {"class": type(failure).__name__, "with": fields}


def silence() -> None:
    """Send what student code prints nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
