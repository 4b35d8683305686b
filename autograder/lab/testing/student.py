"""The student's code seen from a suite: one object whose attributes are the student's names.

``student.loss(z_a, z_b)`` calls the function of that name; ``student.Network()``
builds a module and returns a handle to it, which may be an argument of another call
(``student.ema_update(target, online, 0.9)``). Here is the meaning, in one process
(:class:`LocalStudent`): the public checks run on it in the notebook, and inside the wall
it is what the worker serves. The grader's own object has the same interface and calls
through the wall.
"""

from __future__ import annotations

import re
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Self

import torch
from torch import Tensor, nn

from autograder.lab.testing.failures import (
    GPU,
    IN_PLACE,
    Crashed,
    Failure,
    Missing,
    OutOfMemory,
)
from autograder.lab.testing.seeding import seed_everything

_KINDS = {
    GPU: re.compile(r"not compiled with CUDA|No CUDA GPUs|NVIDIA driver|CUDA is not available"),
    IN_PLACE: re.compile(r"requires grad is being used in an in-place|modified by an inplace"),
}
"""What torch says where it raises a RuntimeError or an AssertionError, and means more by it."""


class Module(ABC):
    """A handle to a module of the student's. Reading any other attribute reads the module's."""

    mutated: tuple[str, ...] = ()
    """Tensor arguments that the last forward pass or :meth:`call` changed in place, by position."""

    @abstractmethod
    def __call__(self, *args: Any) -> Any:
        """Forward pass, differentiable with respect to the tensors given."""

    @abstractmethod
    def call(self, method: str, /, *args: Any) -> Any:
        """Call a method of the module by its name, differentiable as a forward pass is.

        Raises:
            Missing: the module has no such method, or it raises NotImplementedError.
        """

    @abstractmethod
    def train(self) -> Self:
        """Switch to train mode; returns the handle."""

    @abstractmethod
    def eval(self) -> Self:
        """Switch to eval mode; returns the handle."""

    @abstractmethod
    def parameter_count(self) -> int:
        """Number of distinct parameter elements."""

    @abstractmethod
    def gradients(self, x: Tensor, cotangent: Tensor) -> dict[str, Tensor | None]:
        """Gradient of ``(module(x) * cotangent).sum()`` for every registered parameter.

        None for a parameter that took no part. Gradients are cleared before and after.
        """

    @abstractmethod
    def moved(self, by: Mapping[str, Tensor], *args: Any) -> Any:
        """Forward pass with parameters moved by so much; afterwards they are as before."""

    @abstractmethod
    def state_dict(self) -> dict[str, Tensor]:
        """Copies of parameters and buffers."""

    @abstractmethod
    def attribute(self, name: str) -> Any:
        """A plain attribute (number, string, tensor) of the module.

        Raises:
            Missing: the module has no such attribute.
        """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.attribute(name)


class Student(ABC):
    """Calls into the student's code. ``student.name(...)`` is ``student.call("name", ...)``."""

    answers: int = 0
    """How many calls have come back with a value."""
    mutated: tuple[str, ...] = ()
    """Tensor arguments, or lists of some, that the last call changed in place, their numbers or
    whether they require a gradient: "0", "1", ... or the keyword."""

    @abstractmethod
    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call the student's ``name``. Tensors keep their graph; a generator's state moves on.

        A handle among the arguments arrives as the module that it stands for.

        Raises:
            Missing: the name is not defined or raises NotImplementedError.
            Crashed, TimedOut, OutOfMemory: the call ended so.
        """

    @abstractmethod
    def seed(self, seed: int) -> None:
        """Seed every global random source of the student's process (random, numpy, torch)."""

    @abstractmethod
    def has(self, name: str) -> bool:
        """Whether the student has defined ``name``."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self.call(name, *args, **kwargs)


def blame(error: BaseException) -> Failure:
    """The failure that an exception raised by student code stands for."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, NotImplementedError):
        return Missing("")
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error)[:2000]:
        return OutOfMemory()
    kind = type(error).__name__
    if isinstance(error, AssertionError | RuntimeError):
        said = str(error)[:2000]
        kind = next((known for known, words in _KINDS.items() if words.search(said)), kind)
    name = error.name if isinstance(error, NameError) else None
    line = cell = None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith("<cell "):
            line, cell = frame.lineno, frame.filename[6:-1]
    return Crashed(kind, str(error)[:2000], line, cell, name)


def _same(a: Tensor, b: Tensor) -> bool:
    """Whether two tensors hold the same; what is not a number equals itself."""
    return torch.equal(a, b) or torch.equal(a.nan_to_num(), b.nan_to_num())


def _tensors(value: Any) -> list[Tensor]:
    """The tensors that an argument is or, if it is a list or a tuple, holds."""
    if isinstance(value, list | tuple):
        return [x for item in value for x in _tensors(item)]
    return [value] if isinstance(value, Tensor) else []


class _Call:
    """One call of student code, and which of its tensor arguments it changed."""

    def __init__(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        self._args = [_module(a) for a in args]
        self._kwargs = {k: _module(a) for k, a in kwargs.items()}
        self._given = {**{str(i): a for i, a in enumerate(args)}, **kwargs}
        self._before = {
            key: [(x, x.detach().clone(), x.requires_grad) for x in _tensors(value)]
            for key, value in self._given.items()
        }

    def of(self, function: Callable[..., Any]) -> Any:
        """What ``function`` returns; a module as a handle."""
        try:
            result = function(*self._args, **self._kwargs)
        except Exception as error:
            raise blame(error) from error
        return LocalModule(result) if isinstance(result, nn.Module) else result

    def mutated(self) -> tuple[str, ...]:
        """Positions and keywords of the tensors, or lists of some, that are not what they were."""
        return tuple(key for key in self._before if self._is_changed(key))

    def _is_changed(self, key: str) -> bool:
        before, now = self._before[key], _tensors(self._given[key])
        return len(before) != len(now) or any(
            x is not given or x.requires_grad != required or not _same(values, x)
            for x, (given, values, required) in zip(now, before, strict=True)
        )


def _module(value: Any) -> Any:
    """The module that a handle stands for; anything else as it is."""
    return value._module if isinstance(value, LocalModule) else value


class LocalModule(Module):
    """A module in this process."""

    def __init__(self, module: nn.Module) -> None:
        self._module = module

    def __call__(self, *args: Any) -> Any:
        return self._run(self._module, args)

    def call(self, method: str, /, *args: Any) -> Any:
        function = getattr(self._module, method, None)
        if not callable(function):
            raise Missing(method)
        return self._run(function, args)

    def _run(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        call = _Call(args, {})
        result = call.of(function)
        self.mutated = call.mutated()
        return result

    def train(self) -> Self:
        self._module.train()
        return self

    def eval(self) -> Self:
        self._module.eval()
        return self

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self._module.parameters())

    def gradients(self, x: Tensor, cotangent: Tensor) -> dict[str, Tensor | None]:
        try:
            self._module.zero_grad(set_to_none=True)
            with torch.enable_grad():
                (self._module(x) * cotangent).sum().backward()
            grads = {
                name: None if p.grad is None else p.grad.clone()
                for name, p in self._module.named_parameters()
            }
            self._module.zero_grad(set_to_none=True)
        except Exception as error:
            raise blame(error) from error
        return grads

    def moved(self, by: Mapping[str, Tensor], *args: Any) -> Any:
        parameters = dict(self._module.named_parameters())
        moving = {name: parameters[name] for name in by if name in parameters}
        kept = {name: value.detach().clone() for name, value in moving.items()}
        try:
            with torch.no_grad():
                for name, value in moving.items():
                    value.add_(by[name])
            return self._run(self._module, args)
        except Exception as error:
            raise blame(error) from error
        finally:
            with torch.no_grad():
                for name, value in moving.items():
                    value.copy_(kept[name])

    def state_dict(self) -> dict[str, Tensor]:
        return {name: value.detach().clone() for name, value in self._module.state_dict().items()}

    def attribute(self, name: str) -> Any:
        try:
            return getattr(self._module, name)
        except AttributeError as error:
            raise Missing(name) from error


class LocalStudent(Student):
    """The student's names in a namespace of this process, such as a notebook's globals."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace

    def has(self, name: str) -> bool:
        return name in self._namespace

    def seed(self, seed: int) -> None:
        seed_everything(seed)

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        function = self._namespace.get(name)
        if not callable(function):
            raise Missing(name)
        call = _Call(args, kwargs)
        try:
            result = call.of(function)
        except Missing as error:
            raise Missing(error.name or name) from error
        self.mutated = call.mutated()
        self.answers += 1
        return result
