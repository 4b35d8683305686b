"""The outside of the wall: the ``student`` object that hidden suites question.

Every call is a message to a worker; tensors come back as plain numbers, so nothing the
student's code returns can act on this side. Gradients cross too: the backward pass of a
call asks the worker for a vector-Jacobian product, so ``backward`` and
``torch.autograd.gradcheck`` work as on a local function (first derivatives).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from autograder.isolation.remote.conversation import Conversation
from autograder.isolation.remote.deadlines import Costly
from autograder.isolation.remote.replies import changed_arguments, restore_generator, with_tensors
from autograder.isolation.remote.tensors import differentiable
from autograder.isolation.remote.wire import GeneratorState, Handle
from autograder.lab.testing.failures import Crashed
from autograder.lab.testing.student import Module, Student


class RemoteStudent(Conversation, Student):
    """A student's notebook behind the wall: calls, as exchanges of a conversation."""

    _seed: int | None = None
    _switches: tuple[tuple[int, str], ...] = ()

    @cached_property
    def _costly(self) -> Costly:
        return Costly()

    def close(self) -> None:
        """End the worker, and its modules with it."""
        self._switches = ()
        super().close()

    def go_to(self, count: int) -> None:
        self._costly.forget()
        super().go_to(count)

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        value, reply = self._differentiable("call", {"name": name, "kwargs": kwargs}, args)
        self.mutated = changed_arguments(reply)
        return value

    def seed(self, seed: int) -> None:
        self._seed = seed  # a message of its own would cost as much as many a call

    def switch(self, module: int, mode: str) -> None:
        """Switch a module to the mode "train" or "eval", with what is asked next."""
        self._switches = (*self._switches, (module, mode))

    def has(self, name: str) -> bool:
        return self.ask("has", name=name).get("value") is True

    def training_step(self, step: str, **fields: Any) -> dict[str, Any]:
        """One step of the training run, a method of the worker's ``TrainingRun``."""
        value = self.ask("step", self._deadlines.training, step=step, fields=fields).get("value")
        if not isinstance(value, dict):
            raise Crashed("ProtocolError", f"{step}: the answer is no dict")
        return value

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
        switches, self._switches = list(self._switches), ()
        what = str(fields.get("name") or fields.get("method"))
        self._costly.check(what)
        try:
            reply = self.ask(op, **fields, grad=grad, seed=seed, switches=switches)
        except Crashed as failure:
            self._costly.note(what, failure, self.spent_on_last())
            raise
        self.answers += 1
        for key, state in reply.get("generators", {}).items():
            if key in generators and isinstance(state, GeneratorState):
                restore_generator(generators[key], state.state)
        value = reply.get("value")
        if isinstance(value, Handle):
            return RemoteModule(self, value.id), reply
        outputs = differentiable(value)
        graph = reply.get("graph")
        if not (grad and outputs and isinstance(graph, int)):
            return with_tensors(value, iter([o.detach() for o in outputs])), reply
        tied = _ThroughTheWall.apply(self, graph, [o.detach() for o in outputs], *inputs)
        return with_tensors(value, iter(tied)), reply

    def vjp(self, graph: int, cotangents: list[Tensor]) -> list[Tensor | None]:
        """Cotangents of a call's inputs from those of its outputs."""
        value = self.ask("vjp", graph=graph, cotangents=cotangents).get("value")
        if not isinstance(value, list):
            raise Crashed("ProtocolError", "a backward pass that returns no list")
        return [v if isinstance(v, Tensor) else None for v in value]


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
        self.mutated = changed_arguments(reply)
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
