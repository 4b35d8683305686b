"""Messages between grader and worker: a length prefix, a JSON header, a body of tensors.

Nothing that arrives is unpickled or evaluated. What cannot be said in numbers, strings
and tensors crosses as :class:`Opaque`, the name of its type. Each side decodes with
limits on size and depth, since the worker's bytes are untrusted. Our own, since what sends
Python's objects (multiprocessing, torch.distributed, msgpack_numpy) executes what it reads.

Frame: ``b"SPM1"``, header length (u32), body length (u64), header, body; big-endian.
"""

from __future__ import annotations

import json
import select
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.isolation.remote.tensors import DTYPES, Reader, Writer

_MAGIC = b"SPM1"
_PREFIX = struct.Struct(">4sIQ")
MAX_HEADER = 4 << 20
MAX_BODY = 256 << 20
_MAX_DEPTH = 16
MAX_VALUES = 50_000
"""Values in one message: more than any answer of homework has, and a second's work to read."""
_MAX_NAME = 80
_MAX_PARTS = 64
_SPARE = 1 << 16
_PLAIN = (bool, int, float, str)
_AS_IT_IS = frozenset([type(None), *_PLAIN])
_JSON = json.JSONEncoder(separators=(",", ":"))


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


class _Encoder:
    """Puts a message in the form of a header; its tensors go into the body."""

    def __init__(self) -> None:
        self.body = Writer()

    def tensor(self, value: Tensor) -> list[str | int]:
        plain = value.detach().to("cpu").resolve_conj().resolve_neg().contiguous()
        return self.body.add(plain if type(plain) is Tensor else plain.as_subclass(Tensor))

    def encode(self, value: Any, depth: int = 0) -> Any:
        """``value`` in the form of a header; the commonest kinds are asked for first."""
        if depth >= _MAX_DEPTH:
            return {"o": "a deeply nested object"}
        kind = type(value)
        if kind in _AS_IT_IS:
            return value
        if kind is Tensor and value.layout == torch.strided and value.dtype in DTYPES:
            return {"g" if value.requires_grad else "T": self.tensor(value)}
        if isinstance(value, dict) and {str}.issuperset(map(type, value)):
            return {"d": {k: self.encode(v, depth + 1) for k, v in value.items()}}
        if isinstance(value, list):
            return {"l": [self.encode(v, depth + 1) for v in value]}
        if isinstance(value, tuple):
            return {"t": [self.encode(v, depth + 1) for v in value]}
        if isinstance(value, Tensor):
            if value.layout != torch.strided:
                return {"o": f"Tensor[{value.layout}]"}
            if value.dtype not in DTYPES:
                return {"o": f"Tensor[{value.dtype}]"}
            return {"g" if value.requires_grad else "T": self.tensor(value)}
        if isinstance(value, torch.Generator):
            value = GeneratorState(value.get_state())
        if isinstance(value, GeneratorState):
            return {"G": self.tensor(value.state)}
        if isinstance(value, Handle):
            return {"M": value.id}
        if isinstance(value, np.generic):
            return self.encode(value.item(), depth + 1)
        for plain in _PLAIN:
            if isinstance(value, plain):
                return plain(value)
        return {"o": type(value).__name__[:_MAX_NAME]}


def _decode(value: Any, body: Reader, depth: int = 0) -> Any:
    if depth > _MAX_DEPTH:
        raise WireError("nested too deeply")
    if isinstance(value, str):
        return _writable(value)
    if isinstance(value, list):
        raise WireError("a bare list in a header")
    if not isinstance(value, dict):
        return value
    if len(value) != 1:
        raise WireError("an unknown kind of value in a header")
    ((kind, content),) = value.items()
    match kind:
        case "d" if isinstance(content, dict):
            return {_writable(k): _decode(v, body, depth + 1) for k, v in content.items()}
        case "T":
            return body.take(content)
        case "l" if isinstance(content, list):
            return [_decode(item, body, depth + 1) for item in content]
        case "t" if isinstance(content, list):
            return tuple([_decode(item, body, depth + 1) for item in content])
        case "g":
            tensor = body.take(content)
            return tensor.requires_grad_(tensor.is_floating_point() or tensor.is_complex())
        case "G":
            return GeneratorState(body.take(content))
        case "M" if isinstance(content, int):
            return Handle(content)
        case "o" if isinstance(content, str):
            return Opaque(_writable(content[:_MAX_NAME]))
    raise WireError("an unknown kind of value in a header")


def _writable(text: str) -> str:
    """``text`` but for halves of surrogate pairs, which JSON can spell and nothing can write."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def encode(message: dict[str, Any]) -> list[bytes | memoryview]:
    """The parts of one frame, the tensors' own memory among them.

    Values that cannot cross become opaque.

    Raises:
        WireError: the message is too large.
    """
    encoder = _Encoder()
    header = _JSON.encode(encoder.encode(message)).encode()
    if len(header) > MAX_HEADER:
        raise WireError(f"a header of {len(header)} bytes")
    body = encoder.body
    if body.n_bytes > MAX_BODY:
        raise WireError(f"a body of {body.n_bytes} bytes")
    return [_PREFIX.pack(_MAGIC, len(header), body.n_bytes) + header, *body.parts]


def decode(header: bytes | bytearray, body: bytearray) -> dict[str, Any]:
    """The message in a frame's header and body; its tensors lie in ``body`` itself.

    Raises:
        WireError: whatever is wrong with the bytes.
    """
    # Every value but the last is followed by one of these, wherever it stands.
    if sum(header.count(sign) for sign in (b",", b"[", b"{")) > MAX_VALUES:
        raise WireError("too many values")
    try:
        tensors = Reader(body)
        message = _decode(json.loads(header), tensors)
        tensors.end()
    except WireError:
        raise
    except (ValueError, RecursionError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        raise WireError(f"malformed: {type(error).__name__}") from error
    if not isinstance(message, dict):
        raise WireError("a message that is not a dict")
    return message


class Channel:
    """Sends and receives whole messages on a connected stream socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._spare = memoryview(bytearray(_SPARE))
        self._came = self._spare[:0]
        sock.setblocking(False)
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(sock, select.POLLIN)
        self._writable.register(sock, select.POLLOUT)

    def send(self, message: dict[str, Any], allowed: Callable[[], float] | None = None) -> None:
        """Send one message; ``allowed`` as in :meth:`receive`."""
        rest = [memoryview(part) for part in encode(message)]
        while rest:
            try:
                sent = self._sock.sendmsg(rest[:_MAX_PARTS])
            except BlockingIOError:
                _wait(self._writable, allowed)
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
        if not self._came:
            _wait(self._readable, allowed)
        magic, n_header, n_body = _PREFIX.unpack(self._exactly(_PREFIX.size, allowed))
        if magic != _MAGIC or n_header > MAX_HEADER or n_body > MAX_BODY:
            raise WireError("not a frame of this protocol, or too large")
        header = self._exactly(n_header, allowed)
        return decode(header, self._exactly(n_body, allowed))

    def _exactly(self, n: int, allowed: Callable[[], float] | None) -> bytearray:
        """The next ``n`` bytes. What comes along with them is kept for the next time."""
        data = bytearray(n)
        view, got = memoryview(data), min(n, len(self._came))
        view[:got] = self._came[:got]
        self._came = self._came[got:]
        while got < n:
            try:
                count, *_ = self._sock.recvmsg_into([view[got:], self._spare])
            except BlockingIOError:
                _wait(self._readable, allowed)
                continue
            except OSError as error:
                raise WireError("the peer is gone") from error
            if count == 0:
                raise WireError("the peer is gone")
            wanted = min(count, n - got)
            self._came = self._spare[: count - wanted]
            got += wanted
        return data

    def close(self) -> None:
        self._sock.close()


def _wait(poll: select.poll, allowed: Callable[[], float] | None) -> None:
    """Wait for an event as long as ``allowed`` says."""
    while True:
        seconds = None if allowed is None else allowed()
        if seconds is not None and seconds <= 0:
            raise WireTimeout
        if poll.poll(None if seconds is None else seconds * 1000):
            return
