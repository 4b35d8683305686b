"""Proof of the wall: a worker attempts the real thing, and the level is what then held.

The attempts and what each does are in :mod:`.attempts`. A level is proven when every attempt
that it promises to stop was stopped.
"""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.errors import SpeechmarkError
from autograder.isolation.attempts import ATTEMPTS, FLOOD_BYTES, Targets
from autograder.isolation.limits import Limits
from autograder.isolation.sandbox import Sandbox, Worker, best_level
from autograder.isolation.zygote import read_line, send_line

GAPS: dict[int, frozenset[str]] = {
    3: frozenset(),
    2: frozenset({"stat_secret", "stat_processes", "fill_disk"}),
    1: frozenset(ATTEMPTS) - {"raise_limits"},
}
"""The attempts that a level does not promise to stop."""


@dataclass(frozen=True)
class Proof:
    """What the canaries found."""

    asked: int
    """The level of the worker that tried."""
    level: int
    """The highest level, not above ``asked``, whose promises all held; 0 if not even 1's."""
    held: dict[str, bool]
    """Attempt: whether it was stopped."""
    seconds: float

    @property
    def broken(self) -> list[str]:
        """The attempts that got through although the level asked for promises to stop them."""
        return [n for n, held in self.held.items() if not held and n not in GAPS[self.asked]]


def prove(level: int, sandbox: Sandbox | None = None, secret: Iterable[Path] = ()) -> Proof:
    """Let a worker attack the grader, a sibling and a planted secret; see what got through.

    Args:
        level: the isolation level to prove.
        sandbox: a sandbox of that level to take the workers from; else one is made.
        secret: files of the host that must not be readable, such as the hidden suites.

    Raises:
        SandboxError: the host does not offer the level.
    """
    begin = time.perf_counter()
    with ExitStack() as stack:
        if sandbox is None:
            sandbox = stack.enter_context(Sandbox(level, warm=()))
        victim = stack.enter_context(sandbox.fork(entry="autograder.isolation.attempts:sibling"))
        token = secrets.token_hex(8)
        send_line(victim.sock, {"token": token})
        path = _answer(victim)["path"]
        processes = (os.getpid(), victim.pid, *_parents(victim.pid))
        with _bait(processes, path, token, secret) as (targets, arrived):
            small = Limits(scratch_bytes=FLOOD_BYTES, cpu_seconds=20)
            attacker = stack.enter_context(
                sandbox.fork(small, entry="autograder.isolation.attempts:attack")
            )
            send_line(attacker.sock, asdict(targets))
            got_through: dict[str, bool] = {**_answer(attacker), **arrived()}
    held = {name: not got_through[name] for name in ATTEMPTS}
    proven = max((n for n in range(1, level + 1) if _keeps(n, held)), default=0)
    return Proof(level, proven, held, time.perf_counter() - begin)
