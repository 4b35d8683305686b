"""Huge pages: the same memory in fewer pieces."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = """
import re
from pathlib import Path
from autograder.isolation.linux import hugepages

def huge():
    rollup = Path("/proc/self/smaps_rollup").read_text()
    return int(re.search(r"AnonHugePages: +([0-9]+) kB", rollup)[1])

held = [bytes([number % 251]) * 100_000 for number in range(400)]
before = huge()
hugepages.collapse()
assert all(held[n] == bytes([n % 251]) * 100_000 for n in range(400))
print(huge() - before)
"""


def test_what_a_process_holds_stays_the_same_and_comes_to_lie_in_huge_pages() -> None:
    switch = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    release = Path("/proc/sys/kernel/osrelease")
    if not switch.is_file() or "[never]" in switch.read_text():
        pytest.skip("this kernel has no transparent huge pages")
    if tuple(map(int, release.read_text().split(".")[:2])) < (6, 1):
        pytest.skip("this kernel collapses no pages on request")
    command = [sys.executable, "-c", _SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    # Forty megabytes were allocated; the ends of a stretch and a fragmented host leave some out.
    assert int(done.stdout) >= 8 << 10
