"""One warm zygote for the graders of several processes, each of whom is as if it had its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from autograder.isolation.linux.limits import Limits
from autograder.isolation.proof.canaries import prove
from autograder.isolation.sandbox import Sandbox, Worker
from tests.isolation.test_sandbox import KINDS, OBEY, _parent, ask, gone, make

GUEST = f"""
import socket, sys, time
from autograder.isolation.messages import read_line, send_line
from autograder.isolation.sandbox import Sandbox
level, fd, count = map(int, sys.argv[1:])
with Sandbox(level, warm=(), entry={OBEY!r}, lent=socket.socket(fileno=fd)) as sandbox:
    workers = [sandbox.fork() for _ in range(count)]
    for number, worker in enumerate(workers):
        send_line(worker.sock, {{"run": f"value = {{number}}"}})
        assert read_line(worker.sock)[0]["value"] == number
    print(*(worker.pid for worker in workers), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["3", "2", "1"])
def owner(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with make(request.param) as sandbox:
        yield sandbox


def lent(sandbox: Sandbox) -> socket.socket:
    found = sandbox.lend()
    assert found is not None
    return found


def guest(owner: Sandbox) -> Sandbox:
    """Another grader's sandbox, in this process."""
    return Sandbox(owner.level, warm=(), entry=OBEY, lent=lent(owner))


def elsewhere(owner: Sandbox, count: int) -> subprocess.Popen[bytes]:
    """Another grader with so many workers, in a process of its own."""
    with lent(owner) as control:
        fd = control.fileno()
        command = [sys.executable, "-c", GUEST, *map(str, (owner.level, fd, count))]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[fd]
        )


def pids(process: subprocess.Popen[bytes]) -> list[int]:
    assert process.stdout is not None
    return [int(word) for word in process.stdout.readline().split()]


def test_graders_that_ask_at_once_get_their_own_workers_from_one_zygote(owner: Sandbox) -> None:
    graders = [elsewhere(owner, 6) for _ in range(3)]
    with owner.fork() as own:
        workers = [pid for grader in graders for pid in pids(grader)]
        assert len(set(workers)) == 18
        assert {_parent(pid) for pid in workers} == {_parent(own.pid)}
        assert ask(own, "value = 1") == 1
    for grader in graders:
        grader.communicate()
    assert [grader.returncode for grader in graders] == [0, 0, 0]


def test_the_workers_of_a_grader_that_is_killed_end_and_no_others(owner: Sandbox) -> None:
    killed, spared = elsewhere(owner, 2), elsewhere(owner, 1)
    with owner.fork() as own:
        its, others = pids(killed), pids(spared)
        killed.kill()
        killed.communicate()
        assert all(gone(pid) for pid in its)
        assert all(os.path.exists(f"/proc/{pid}") for pid in others)
        assert ask(own, "value = 1") == 1
    spared.communicate()


def test_who_loses_a_lent_zygote_starts_one(owner: Sandbox) -> None:
    with guest(owner) as other, other.fork() as worker:
        os.kill(_parent(worker.pid), signal.SIGKILL)
        assert gone(worker.pid)
        with other.fork() as again, owner.fork() as own:
            assert ask(again, "value = 1") == ask(own, "value = 1") == 1
            assert _parent(again.pid) != _parent(own.pid)


def test_a_guest_that_leaves_takes_its_workers_along_and_nothing_else(owner: Sandbox) -> None:
    with owner.fork() as own:
        with guest(owner) as other:
            worker = other.fork()
        assert gone(worker.pid)
        assert ask(own, "value = 1") == 1
    with owner.fork() as another:
        assert ask(another, "value = 2") == 2


def test_where_each_worker_needs_a_zygote_of_its_own_none_is_lent() -> None:
    with make("3 alone") as sandbox:
        assert sandbox.lend() is None
    assert not KINDS["3 alone"][1]


def test_workers_of_two_graders_with_one_zygote_cannot_reach_each_other(level: int) -> None:
    class Two(Sandbox):
        """The attacker is the guest's, its victim the owner's."""

        def fork(self, limits: Limits | None = None, entry: str | None = None) -> Worker:
            from_owner = entry is not None and entry.endswith(":sibling")
            return owner.fork(limits, entry) if from_owner else super().fork(limits, entry)

    with (
        Sandbox(level, warm=(), entry=OBEY) as owner,
        Two(level, warm=(), entry=OBEY, lent=lent(owner)) as two,
    ):
        assert prove(level, two).level == level
