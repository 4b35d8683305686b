"""Proof of the wall: a worker attempts the real thing, and the level is what then held.

The attempts and what each does are in :mod:`.attempts`. A level is proven when every attempt
that it promises to stop was stopped.
"""

from __future__ import annotations

import os
import secrets
import select
import socket
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.isolation.linux.limits import Limits
from autograder.isolation.messages import read_line, send_line
from autograder.isolation.proof.attempts import ATTEMPTS, FLOOD_BYTES, Targets
from autograder.isolation.sandbox import Sandbox, Worker, unavailable
from autograder.support.errors import SpeechmarkError

_ATTACK = "autograder.isolation.proof.attempts:attack"
_SIBLING = "autograder.isolation.proof.attempts:sibling"

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
            sandbox = stack.enter_context(Sandbox(level, warm=(), entry=_ATTACK))
        small = Limits(scratch_bytes=FLOOD_BYTES, cpu_seconds=20)
        victim = stack.enter_context(sandbox.fork(small, entry=_SIBLING))
        token = secrets.token_hex(8)
        send_line(victim.sock, {"token": token})
        path = _answer(victim)["path"]
        processes = [os.getpid(), victim.pid, *_parents(victim.pid)]
        with _bait(processes, path, token, secret) as (targets, arrived):
            attacker = stack.enter_context(sandbox.fork(small, entry=_ATTACK))
            send_line(attacker.sock, asdict(targets))
            got_through: dict[str, bool] = {**_answer(attacker), **arrived()}
    held = {name: not got_through[name] for name in ATTEMPTS}
    proven = max((n for n in range(1, level + 1) if _keeps(n, held)), default=0)
    return Proof(level, proven, held, time.perf_counter() - begin)


def _keeps(level: int, held: dict[str, bool]) -> bool:
    return all(held[name] for name in ATTEMPTS if name not in GAPS[level])


def _answer(worker: Worker) -> dict[str, Any]:
    worker.sock.settimeout(30)
    answer, _ = read_line(worker.sock)
    if answer is None:
        raise SpeechmarkError(f"A canary did not answer: the worker ended with {worker.kill()}")
    return answer


@contextmanager
def _bait(
    processes: Iterable[int], sibling: str, token: str, secret: Iterable[Path]
) -> Iterator[tuple[Targets, Any]]:
    """Open and plant what the attacker aims at; also tells what arrived at the sockets."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="speechmark-bait-")))
        # As readable as a course's repository, so that it is the wall that holds.
        folder.chmod(0o777)
        planted = folder / "secret.txt"
        planted.write_text(token)
        planted.chmod(0o644)

        def listener(family: int, kind: int, address: Any) -> socket.socket:
            sock = stack.enter_context(socket.socket(family, kind))
            sock.bind(address)
            sock.setblocking(False)
            if kind == socket.SOCK_STREAM:
                sock.listen()
            return sock

        listeners = {
            "tcp": listener(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "udp": listener(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "unix_socket": listener(socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "socket")),
            "abstract_socket": listener(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{token}"),
        }
        (folder / "socket").chmod(0o777)
        targets = Targets(
            processes=tuple(processes),
            secrets=(str(planted), *(str(path.resolve()) for path in secret)),
            folders=(str(folder), "/dev/shm", "/var/tmp", tempfile.gettempdir(), os.getcwd()),
            sibling=sibling,
            token=token,
            tcp=listeners["tcp"].getsockname()[1],
            udp=listeners["udp"].getsockname()[1],
            unix=str(folder / "socket"),
            abstract=token,
        )
        yield targets, lambda: {name: _arrived(sock) for name, sock in listeners.items()}


def _arrived(sock: socket.socket) -> bool:
    """Whether something came in; the grader's word counts, as a sandbox may have its own net."""
    return bool(select.select([sock], [], [], 0)[0])


def _parents(pid: int) -> Iterator[int]:
    """The processes between the grader and ``pid``."""
    with suppress(OSError):
        while (pid := int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])) > 1:
            if pid == os.getpid():
                return
            yield pid


def require(level: int, sandbox: Sandbox | None = None, secret: Iterable[Path] = ()) -> Proof:
    """:func:`prove`, and refuse to go on below ``level``.

    Raises:
        SpeechmarkError: the level is not to be had or does not hold; says what to do.
    """
    why = unavailable(level)
    if why:
        raise SpeechmarkError(f"Isolation level {level} is not to be had here: {why}.\n{HELP}")
    proof = prove(level, sandbox, secret)
    if proof.level < level:
        raise SpeechmarkError(
            f"Isolation level {level} does not hold on this machine: a worker got through with "
            f"{', '.join(proof.broken)}.\n{HELP}"
        )
    return proof


HELP = """\
Level 3 needs Linux and bubblewrap:
  Debian        apt install bubblewrap
  Ubuntu 24.04  apt install bubblewrap, and let it make user namespaces: write to
                /etc/apparmor.d/bwrap
                    abi <abi/4.0>,
                    include <tunables/global>
                    profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }
                then apparmor_parser -r /etc/apparmor.d/bwrap
  Docker        run the container with --security-opt seccomp=unconfined
                --security-opt apparmor=unconfined --security-opt systempaths=unconfined,
                and as root also with --cap-add SYS_ADMIN
  macOS         not possible; grade in a Linux virtual machine
Or grade at a lower level: --level 2 needs Linux 5.13 with Landlock; --level 1 only limits what
a submission uses, and trusts it with every file that the grader can read."""
"""How to get to level 3."""
