"""Time is counted as the worker computes; waiting is patient, and has an end."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable

import pytest

from autograder.isolation.remote.deadlines import Deadline


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
