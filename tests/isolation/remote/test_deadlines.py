"""Time is counted as the worker computes; waiting is patient, and has an end."""

from __future__ import annotations

import itertools
import mmap
import socket
import time
from collections.abc import Callable

import pytest

from autograder.isolation.remote import deadlines
from autograder.isolation.remote.deadlines import Budget, Costly, Deadline
from autograder.lab.testing.failures import Crashed


def test_the_cpu_limit_does_not_run_out_while_the_worker_waits_for_its_turn():
    allowed = Deadline(cpu_seconds=0.01, wall_seconds=30).started(lambda: 1.0, 1.0)
    _, theirs = socket.socketpair()
    theirs.settimeout(0.05)
    with pytest.raises(TimeoutError):
        theirs.recv(1)
    assert allowed() > 0


def test_a_worker_that_sleeps_is_not_waited_for_as_long_as_one_that_computes():
    assert ended(lambda: True, used=0.0) < 60
    assert ended(lambda: True, used=20.0) == 900


def test_time_in_which_a_worker_waits_for_the_host_is_no_sleep():
    assert ended(lambda: False, used=0.0) == 900
    waits = itertools.cycle([True] * 8 + [False])
    assert ended(lambda: next(waits), used=0.0) == 900


def ended(asleep: Callable[[], bool], used: float) -> float:
    """After how many seconds a worker is not waited for any more that answers nothing."""
    now = 0.0
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("autograder.isolation.remote.deadlines.time.monotonic", lambda: now)
        allowed = Deadline(cpu_seconds=150, wall_seconds=900).started(lambda: used, 0.0, asleep)
        while seconds := allowed():
            now += seconds
    return now


def test_the_graders_own_time_is_charged_to_the_submission():
    budget = Budget(Deadline(cpu_seconds=100, wall_seconds=900))
    before = budget.left
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass
    assert budget.left <= before - 0.05
    budget.used += 60
    assert budget.left < 40


def test_the_graders_memory_for_a_submission_is_bounded(monkeypatch):
    budget = Budget(Deadline(cpu_seconds=100, wall_seconds=900))
    assert not budget.full
    monkeypatch.setattr(deadlines, "MOST_HELD", 10 << 20)
    with mmap.mmap(-1, 64 << 20) as held:  # pages of its own, whatever the allocator kept
        held.write(b"x" * len(held))
        assert budget.full


def test_what_raised_twice_after_long_is_not_asked_again():
    costly = Costly()
    for _ in range(2):
        costly.check("f")
        costly.note("f", Crashed("ValueError", "x", 3, "cell"), 5.0)
    with pytest.raises(Crashed) as caught:
        costly.check("f")
    assert (caught.value.kind, caught.value.line) == ("ValueError", 3)
    costly.check("g")
    costly.forget()
    costly.check("f")


@pytest.mark.parametrize(
    "ways", [[("ValueError", 5.0), ("TypeError", 5.0)], [("ValueError", 0.1)] * 9]
)
def test_other_failures_and_quick_ones_are_asked_for_again(ways):
    costly = Costly()
    for kind, seconds in ways:
        costly.note("f", Crashed(kind), seconds)
    costly.check("f")
