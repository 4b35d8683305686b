"""Messages between grader and worker: a length prefix, a JSON header, a safetensors body.

Nothing that arrives is unpickled or evaluated. What cannot be said in numbers, strings
and tensors crosses as :class:`Opaque`, the name of its type. Each side decodes with
limits on size and depth, since the worker's bytes are untrusted.

Frame: ``b"SPM1"``, header length (u32), body length (u64), header, body; big-endian.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import safetensors.torch
import torch
from torch import Tensor

_MAGIC = b"SPM1"
_PREFIX = struct.Struct(">4sIQ")
MAX_HEADER = 4 << 20
MAX_BODY = 256 << 20
_MAX_DEPTH = 16
_IDLE_SECONDS, _IDLE_SHARE = 20.0, 0.02
"""A worker that used less than this share of so much time sleeps; even a starved one gets more."""
_MAX_NAME = 80


class WireError(Exception):
    """The bytes are no message: wrong magic, too large, malformed, or the peer is gone."""


class WireTimeout(WireError):
    """No whole message arrived while the waiting was allowed."""


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that does not cross; ``type_name`` is all that is known of it."""

    type_name: str


@dataclass(frozen=True)
class Handle:
    """Stands for a module that stays in the worker."""

    id: int


@dataclass(frozen=True)
class GeneratorState:
    """The state of a ``torch.Generator`` (uint8 tensor)."""

    state: Tensor


@dataclass
class _Encoder:
    tensors: dict[str, Tensor] = field(default_factory=dict)
    _storages: set[int] = field(default_factory=set)

    def tensor(self, value: Tensor) -> str:
        plain = value.detach().to("cpu").contiguous()
        if type(plain) is not Tensor:
            plain = plain.as_subclass(Tensor)
        storage = plain.untyped_storage().data_ptr()
        if storage in self._storages:
            plain = plain.clone()  # safetensors refuses two names for one storage
        self._storages.add(storage)
        key = str(len(self.tensors))
        self.tensors[key] = plain
        return key

    def encode(self, value: Any, depth: int = 0) -> Any:
        if depth >= _MAX_DEPTH:
            return {"o": "a deeply nested object"}
        if value is None or type(value) in (bool, int, float, str):
            return value
        if isinstance(value, np.generic):
            return self.encode(value.item(), depth + 1)
        for plain in (bool, int, float, str):
            if isinstance(value, plain):
                return plain(value)
        if isinstance(value, Tensor):
            if value.layout != torch.strided or value.is_quantized:
                return {"o": f"Tensor[{value.layout}]"}
            return {"T": self.tensor(value), "g": bool(value.requires_grad)}
        if isinstance(value, torch.Generator):
            value = GeneratorState(value.get_state())
        if isinstance(value, GeneratorState):
            return {"G": self.tensor(value.state)}
        if isinstance(value, Handle):
            return {"M": value.id}
        if isinstance(value, list):
            return {"l": [self.encode(v, depth + 1) for v in value]}
        if isinstance(value, tuple):
            return {"t": [self.encode(v, depth + 1) for v in value]}
        if isinstance(value, dict) and all(type(k) is str for k in value):
            return {"d": {k: self.encode(v, depth + 1) for k, v in value.items()}}
        return {"o": type(value).__name__[:_MAX_NAME]}


def _decode(value: Any, tensors: dict[str, Tensor], depth: int = 0) -> Any:
    if depth > _MAX_DEPTH:
        raise WireError("nested too deeply")
    if isinstance(value, str):
        # JSON can spell half a surrogate pair, which nothing can write down again.
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        raise WireError("a bare list in a header")
    if not isinstance(value, dict):
        return value
    match value:
        case {"T": str(key), "g": bool(grad), **rest} if not rest and key in tensors:
            tensor = tensors[key]
            return tensor.requires_grad_(True) if grad and _differentiable(tensor) else tensor
        case {"G": str(key), **rest} if not rest and key in tensors:
            return GeneratorState(tensors[key])
        case {"M": int(number), **rest} if not rest:
            return Handle(number)
        case {"l": list(items), **rest} if not rest:
            return [_decode(v, tensors, depth + 1) for v in items]
        case {"t": list(items), **rest} if not rest:
            return tuple(_decode(v, tensors, depth + 1) for v in items)
        case {"d": dict(items), **rest} if not rest:
            return {_decode(k, {}): _decode(v, tensors, depth + 1) for k, v in items.items()}
        case {"o": str(name), **rest} if not rest:
            return Opaque(_decode(name[:_MAX_NAME], {}))
    raise WireError("an unknown kind of value in a header")


def _differentiable(tensor: Tensor) -> bool:
    return tensor.is_floating_point() or tensor.is_complex()


def encode(message: dict[str, Any]) -> tuple[bytes, bytes]:
    """One frame: prefix with header, and body. Values that cannot cross become opaque."""
    encoder = _Encoder()
    header = json.dumps(encoder.encode(message)).encode()
    if len(header) > MAX_HEADER:
        raise WireError(f"a header of {len(header)} bytes")
    body = safetensors.torch.save(encoder.tensors) if encoder.tensors else b""
    if len(body) > MAX_BODY:
        raise WireError(f"a body of {len(body)} bytes")
    return _PREFIX.pack(_MAGIC, len(header), len(body)) + header, body


def decode(header: bytes, body: bytes) -> dict[str, Any]:
    """The message in a frame's header and body.

    Raises:
        WireError: whatever is wrong with the bytes.
    """
    try:
        tensors = safetensors.torch.load(body) if body else {}
        message = _decode(json.loads(header), tensors)
    except WireError:
        raise
    except (ValueError, RecursionError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        raise WireError(f"malformed: {type(error).__name__}") from error
    except safetensors.SafetensorError as error:
        raise WireError("malformed tensors") from error
    if not isinstance(message, dict):
        raise WireError("a message that is not a dict")
    return message


class Channel:
    """Sends and receives whole messages on a connected stream socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        sock.setblocking(False)

    def send(self, message: dict[str, Any], allowed: Callable[[], float] | None = None) -> None:
        """Send one message; ``allowed`` as in :meth:`receive`."""
        rest = [memoryview(part) for part in encode(message)]
        while rest:
            try:
                sent = self._sock.sendmsg(rest)
            except BlockingIOError:
                self._wait(allowed, write=True)
                continue
            except OSError as error:
                raise WireError("the peer is gone") from error
            while rest and sent >= len(rest[0]):
                sent -= len(rest.pop(0))
            if rest:
                rest[0] = rest[0][sent:]

    def receive(self, allowed: Callable[[], float] | None = None) -> dict[str, Any]:
        """The next message.

        Args:
            allowed: asked before each wait for the peer; seconds to wait before asking again,
                or 0 when time is up. None waits for ever.

        Raises:
            WireTimeout: ``allowed`` said 0.
            WireError: the peer is gone or sent no message.
        """
        magic, n_header, n_body = _PREFIX.unpack(self._exactly(_PREFIX.size, allowed))
        if magic != _MAGIC or n_header > MAX_HEADER or n_body > MAX_BODY:
            raise WireError("not a frame of this protocol, or too large")
        header = self._exactly(n_header, allowed)
        return decode(bytes(header), bytes(self._exactly(n_body, allowed)))

    def _exactly(self, n: int, allowed: Callable[[], float] | None) -> bytearray:
        data = bytearray(n)
        view, got = memoryview(data), 0
        while got < n:
            try:
                count = self._sock.recv_into(view[got:])
            except BlockingIOError:
                self._wait(allowed, write=False)
                continue
            except OSError as error:
                raise WireError("the peer is gone") from error
            if count == 0:
                raise WireError("the peer is gone")
            got += count
        return data

    def _wait(self, allowed: Callable[[], float] | None, write: bool) -> None:
        poll = select.poll()
        poll.register(self._sock, select.POLLOUT if write else select.POLLIN)
        while True:
            seconds = None if allowed is None else allowed()
            if seconds is not None and seconds <= 0:
                raise WireTimeout
            if poll.poll(None if seconds is None else seconds * 1000):
                return

    def close(self) -> None:
        self._sock.close()


@dataclass(frozen=True)
class Deadline:
    """A limit on one exchange, by the worker's CPU time and by the clock on the wall.

    CPU time is what a verdict may rest on: it does not grow on a loaded machine. The wall
    limit is generous; code that waits and does not compute is not waited for that long.
    """

    cpu_seconds: float
    wall_seconds: float

    def started(self, cpu_now: Callable[[], float]) -> Callable[[], float]:
        """An ``allowed`` for :class:`Channel`, counting from now."""
        wall_start, cpu_start = time.monotonic(), cpu_now()

        def allowed() -> float:
            elapsed = time.monotonic() - wall_start
            wall = self.wall_seconds - elapsed
            if wall <= 0:
                return 0.0
            if elapsed < min(self.cpu_seconds, _IDLE_SECONDS):
                return min(wall, self.cpu_seconds - elapsed, _IDLE_SECONDS - elapsed)
            used = cpu_now() - cpu_start
            asleep = elapsed > _IDLE_SECONDS and used < _IDLE_SHARE * elapsed
            if asleep or used >= self.cpu_seconds:
                return 0.0
            return min(wall, max(self.cpu_seconds - used, 0.05), _IDLE_SECONDS)

        return allowed
