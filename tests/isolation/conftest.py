"""A worker in a thread of this process: the protocol without the wall."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from autograder.isolation.process import Exit
from autograder.isolation.remote.conversation import Cell, Overlay
from autograder.isolation.remote.deadlines import DEADLINES, Deadlines
from autograder.isolation.remote.student import RemoteStudent
from autograder.isolation.remote.wire import Channel
from autograder.isolation.remote.worker import Worker


class ThreadProcess:
    """Looks like a forked worker; its CPU time is always 0 and it cannot be killed."""

    def __init__(
        self, serve: Callable[[socket.socket], None] | None = None, end: Exit | None = None
    ) -> None:
        self._end = end
        self.sock, inside = socket.socketpair()
        target = serve or (lambda sock: Worker(Channel(sock)).run())
        threading.Thread(target=target, args=(inside,), daemon=True).start()

    def asleep(self) -> bool:
        return True

    def cpu_seconds(self) -> float:
        return 0.0

    def wait(self, timeout: float) -> Exit | None:
        return self._end

    def kill(self) -> None:
        self.sock.close()

    def close(self) -> None:
        self.sock.close()


Remote = Callable[..., RemoteStudent]


@pytest.fixture
def remote() -> Iterator[Remote]:
    """Makes a student whose worker is a thread, from the source of one cell."""
    made: list[RemoteStudent] = []

    def make(
        *sources: str,
        deadlines: Deadlines = DEADLINES,
        overlays: tuple[Overlay, ...] = (),
        serve: Callable[[socket.socket], None] | None = None,
        end: Exit | None = None,
        training: str | None = None,
    ) -> RemoteStudent:
        setup = Cell("setup", "import torch\nfrom torch import nn", locked=True)
        cells = [setup, *(Cell(f"c{i}", source) for i, source in enumerate(sources))]
        fork = lambda: ThreadProcess(serve, end)  # noqa: E731
        made.append(RemoteStudent(fork, cells, deadlines, overlays, training))
        return made[-1]

    yield make
    for student in made:
        student.close()
