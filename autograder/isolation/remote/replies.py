"""Reading what a worker replies: nothing in it is believed before it was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Missing, OutOfMemory

_MAX_NAME, _MAX_DETAIL = 80, 2000
_TABLE = 624
"""Numbers that the Mersenne Twister of ``torch.Generator`` makes at a time."""


def is_answer(reply: dict[str, Any], number: int) -> bool:
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


def failure_in(described: Any) -> Failure:
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


def changed_arguments(reply: dict[str, Any]) -> tuple[str, ...]:
    """Which arguments the worker says were changed."""
    return tuple(str(key)[:_MAX_NAME] for key in reply.get("mutated", ()))


def with_tensors(value: Any, tensors: Iterator[Tensor]) -> Any:
    """The answer with other tensors, in the same order, where it had differentiable ones."""
    if isinstance(value, Tensor):
        return next(tensors) if value.requires_grad else value
    if isinstance(value, list | tuple):
        return type(value)(with_tensors(v, tensors) for v in value)
    if isinstance(value, dict):
        return {k: with_tensors(v, tensors) for k, v in value.items()}
    return value


def restore_generator(generator: torch.Generator, state: Tensor) -> None:
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
