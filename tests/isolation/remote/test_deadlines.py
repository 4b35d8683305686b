"""Time is counted as the worker computes; waiting is patient, and has an end."""

from __future__ import annotations

import socket

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
    seconds = iter([0.0, 100.0, 100.0])
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("autograder.isolation.remote.deadlines.time.monotonic", lambda: next(seconds))
        asleep = Deadline(cpu_seconds=150, wall_seconds=900).started(lambda: 0.0, 0.0)
        assert asleep() == 0
        seconds = iter([0.0, 100.0])
        computing = Deadline(cpu_seconds=150, wall_seconds=900).started(lambda: 30.0, 0.0)
        assert computing() > 0
