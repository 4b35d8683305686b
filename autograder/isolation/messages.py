"""Lines of JSON with file descriptors over a Unix socket, between the parts of the sandbox.

Only for peers that run no student's code yet: what arrives is believed.
"""

from __future__ import annotations

import json
import socket
from typing import Any


def send_line(sock: socket.socket, message: dict[str, Any], *fds: int) -> None:
    """Send one message, and descriptors with it."""
    data = json.dumps(message).encode() + b"\n"
    sent = socket.send_fds(sock, [data], fds) if fds else 0
    if sent < len(data):  # an empty message would be taken for the end
        sock.sendall(data[sent:])


def read_line(sock: socket.socket, fds: int = 0) -> tuple[dict[str, Any] | None, list[int]]:
    """Receive one message and up to ``fds`` descriptors; None at the end of the stream."""
    data, received = b"", []
    while not data.endswith(b"\n"):
        chunk, more, _, _ = socket.recv_fds(sock, 1 << 16, fds)
        received += more
        if not chunk:
            return None, received
        data += chunk
    return json.loads(data), received


def tuples(record: dict[str, Any]) -> dict[str, Any]:
    """A record read from JSON, its lists as tuples again."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in record.items()}
