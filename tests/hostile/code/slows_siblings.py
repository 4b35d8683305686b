"""Lowers the priority of all that its user runs, and pins itself and them to a processor.
stopped by: system call filter
part: info_nce
"""

import contextlib
import os

found = []


def tried(name, way):
    with contextlib.suppress(OSError):
        way()
        found.append(name)


for which in (os.PRIO_PROCESS, os.PRIO_PGRP, os.PRIO_USER):
    tried("priority", lambda which=which: os.setpriority(which, 0, 19))
tried("nice", lambda: os.nice(5))
tried("processor", lambda: os.sched_setaffinity(0, {0}))
tried("processor of the parent", lambda: os.sched_setaffinity(os.getppid(), {0}))
tried("schedule", lambda: os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0)))


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
