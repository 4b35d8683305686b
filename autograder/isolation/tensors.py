"""Tensors as one run of bytes, in the safetensors format, without copying them.

The library copies every tensor three times to write and once to read; a submission's tensors
cross some hundred times. What is read comes from the other side of the wall, so every claim
of its header is checked before anything is made of it.
"""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import torch
from torch import Tensor

DTYPES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.bool: "BOOL", torch.complex64: "C64",
}  # fmt: skip
"""What tensors hold that cross, and its name in the format."""

_KINDS = {name: dtype for dtype, name in DTYPES.items()}
_LENGTH = struct.Struct("<Q")
_ALIGN = 8
_MAX_HEADER = 4 << 20
_MAX_DIMS = 64
_MAX_SIZE = 1 << 40


class MalformedTensors(ValueError):
    """The bytes are not what :func:`dump` writes."""


def dump(tensors: list[Tensor]) -> list[bytes | memoryview]:
    """A file of ``tensors``, named by their numbers, in parts: a header, then their own memory.

    Args:
        tensors: contiguous, on the CPU, of a dtype in :data:`DTYPES`. They must stay as they
            are until the parts have been used.
    """
    entries: dict[str, Any] = {}
    start = 0
    # The widest first, so that each lies on a multiple of its width.
    ordered = sorted(enumerate(tensors), key=lambda pair: -pair[1].itemsize)
    for number, tensor in ordered:
        end = start + tensor.nbytes
        entries[str(number)] = {
            "dtype": DTYPES[tensor.dtype], "shape": tensor.shape, "data_offsets": (start, end),
        }  # fmt: skip
        start = end
    header = json.dumps(entries).encode()
    header += b" " * (-len(header) % _ALIGN)
    # A tensor of one element counts as contiguous whatever its stride.
    flat = [tensor.as_strided((tensor.numel(),), (1,)) for _, tensor in ordered if tensor.nbytes]
    contents = [tensor.view(torch.uint8).numpy().data for tensor in flat]
    return [_LENGTH.pack(len(header)) + header, *contents]


def load(body: bytearray) -> dict[str, Tensor]:
    """The tensors in a file that :func:`dump` has written, in the memory of ``body`` itself.

    Raises:
        MalformedTensors: a length, a dtype, a shape or an offset does not fit.
    """
    if len(body) < _LENGTH.size:
        raise MalformedTensors("no header")
    (n_header,) = _LENGTH.unpack_from(body)
    start = place = _LENGTH.size + n_header
    if n_header > _MAX_HEADER or start > len(body):
        raise MalformedTensors(f"a header of {n_header} bytes")
    entries = json.loads(body[_LENGTH.size : start])
    if not isinstance(entries, dict):
        raise MalformedTensors("a header that is not a dict")
    tensors = {}
    for name, entry in entries.items():
        dtype, shape = _claim(entry)
        count = math.prod(shape)
        end = place + count * dtype.itemsize
        if entry["data_offsets"] != [place - start, end - start] or end > len(body):
            raise MalformedTensors("tensors that do not lie one after the other")
        if place % dtype.itemsize:
            raise MalformedTensors("a tensor between two places")
        tensors[name] = (
            torch.frombuffer(body, dtype=dtype, count=count, offset=place).view(shape)
            if count
            else torch.empty(shape, dtype=dtype)
        )
        place = end
    if place != len(body):
        raise MalformedTensors("bytes that belong to no tensor")
    return tensors


def _claim(entry: Any) -> tuple[torch.dtype, list[int]]:
    """The dtype and the shape that a header's entry tells."""
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise MalformedTensors("an entry of another form")
    kind, shape = entry["dtype"], entry["shape"]
    if not (isinstance(kind, str) and kind in _KINDS):
        raise MalformedTensors("an unknown dtype")
    if not (isinstance(shape, list) and len(shape) <= _MAX_DIMS):
        raise MalformedTensors("a shape that is none")
    if not all(type(size) is int and 0 <= size < _MAX_SIZE for size in shape):
        raise MalformedTensors("a size that is none")
    return _KINDS[kind], shape
