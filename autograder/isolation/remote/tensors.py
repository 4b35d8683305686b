"""Tensors as one run of bytes, without copying them.

A submission's tensors cross the wall some hundred times. In a message's header stands a claim
for each, its dtype and its sizes, and in the body their numbers, one after the other, little-
endian and row by row, each from a multiple of eight bytes. What is read comes from the other
side of the wall, so every claim is checked before anything is made of it. Our own, since
safetensors copies every tensor: 16 MB and back took it 126 ms.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

DTYPES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.bool: "BOOL", torch.complex64: "C64",
}  # fmt: skip
"""What tensors hold that cross, and its name in a claim."""

_KINDS = {name: (dtype, dtype.itemsize) for dtype, name in DTYPES.items()}
_ALIGN = 8
_MAX_DIMS = 64
_MAX_SIZE = 1 << 40
_GAPS = [bytes(-n % _ALIGN) for n in range(_ALIGN)]


class MalformedTensors(ValueError):
    """A claim that :class:`Writer` does not make, or a body that is not as claimed."""


class Writer:
    """Collects tensors for one body."""

    def __init__(self) -> None:
        self.parts: list[bytes | memoryview] = []
        """The body so far: the tensors' own memory, which must stay as it is until it is used."""
        self.n_bytes = 0

    def add(self, tensor: Tensor) -> list[str | int]:
        """Add ``tensor``: contiguous, on the CPU, of a dtype in :data:`DTYPES`. Returns its claim.

        Claims are read in the order in which they were made.
        """
        if n_bytes := tensor.nbytes:
            # A tensor of one element counts as contiguous whatever its stride.
            flat = tensor.as_strided((tensor.numel(),), (1,))
            self.parts.append(flat.view(torch.uint8).numpy().data)
            if gap := _GAPS[n_bytes % _ALIGN]:
                self.parts.append(gap)
            self.n_bytes += n_bytes + len(gap)
        return [DTYPES[tensor.dtype], *tensor.shape]


class Reader:
    """Takes tensors from a body, in whose memory they lie."""

    def __init__(self, body: bytearray) -> None:
        self._body = body
        self._place = 0

    def take(self, claim: Any) -> Tensor:
        """The next tensor, which is as ``claim`` says.

        Raises:
            MalformedTensors: it cannot be.
        """
        if not (isinstance(claim, list) and 1 <= len(claim) <= 1 + _MAX_DIMS):
            raise MalformedTensors("a claim of another form")
        kind, *shape = claim
        if not (isinstance(kind, str) and kind in _KINDS):
            raise MalformedTensors("an unknown dtype")
        for size in shape:
            if not (type(size) is int and 0 <= size < _MAX_SIZE):
                raise MalformedTensors("a size that is none")
        dtype, width = _KINDS[kind]
        count = math.prod(shape)
        if not count:
            return torch.empty(shape, dtype=dtype)
        start, n_bytes = self._place, count * width
        self._place += n_bytes + -n_bytes % _ALIGN
        if self._place > len(self._body):
            raise MalformedTensors("more than there is")
        return torch.frombuffer(self._body, dtype=dtype, count=count, offset=start).view(shape)

    def end(self) -> None:
        """Nothing is left.

        Raises:
            MalformedTensors: something is.
        """
        if self._place != len(self._body):
            raise MalformedTensors("bytes that belong to no tensor")


def differentiable(value: Any) -> list[Tensor]:
    """The tensors in an answer that require a gradient, in the order that both sides go by."""
    if isinstance(value, Tensor):
        return [value] if value.requires_grad else []
    if isinstance(value, dict):
        value = list(value.values())
    return [x for v in value for x in differentiable(v)] if isinstance(value, list | tuple) else []
