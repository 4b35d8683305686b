"""Limits as a process under them meets them."""

from __future__ import annotations

import signal
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from autograder.isolation.linux.limits import Limits

MEBIBYTE = 1 << 20

sizes = st.integers(0, 1 << 40)


def limited(source: str, limits: Limits) -> subprocess.CompletedProcess[str]:
    """A fresh Python that runs ``source`` under ``limits``."""
    lines = [
        "import os, resource, tempfile, time",
        "from autograder.isolation.linux.limits import Limits, apply, mapped_bytes",
        f"apply({limits!r}, mapped_bytes(), spent=0, counts_threads=False)",
        source,
    ]
    return subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, timeout=60
    )


def stopped(attempt: str, error: str) -> str:
    return f"try:\n    {attempt}\nexcept {error}:\n    print('stopped')"


@given(st.builds(Limits, sizes, sizes, sizes, sizes, sizes, sizes, st.booleans()))
def test_limits_survive_their_journey_as_json(limits: Limits) -> None:
    assert Limits.from_json(limits.to_json()) == limits


def test_memory_within_the_budget_is_given_and_beyond_it_refused() -> None:
    limits = Limits(memory_bytes=256 * MEBIBYTE)
    assert limited("print(len(bytearray(128 << 20)))", limits).stdout.strip() == str(128 * MEBIBYTE)
    assert limited(stopped("bytearray(512 << 20)", "MemoryError"), limits).stdout == "stopped\n"


def test_a_worker_with_a_gpu_has_no_cap_on_address_space() -> None:
    limits = Limits(memory_bytes=MEBIBYTE, cuda=True)
    source = "print(resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY)"
    assert limited(source, limits).stdout == "True\n"


def test_processor_time_ends_the_process_even_if_it_does_not_listen() -> None:
    loop = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    assert limited(loop, Limits(cpu_seconds=1)).returncode == -signal.SIGKILL


def test_a_file_grows_to_its_limit_only() -> None:
    limits = Limits(file_bytes=MEBIBYTE)
    write = "file = tempfile.TemporaryFile(buffering=0); file.write(bytes({}))"
    assert limited(write.format(MEBIBYTE), limits).returncode == 0
    attempt = write.format(MEBIBYTE) + "; file.write(b'x')"
    assert limited(stopped(attempt, "OSError"), limits).stdout == "stopped\n"


def test_descriptors_run_out() -> None:
    attempt = "files = [open(os.devnull) for _ in range(64)]"
    assert limited(stopped(attempt, "OSError"), Limits(open_files=32)).stdout == "stopped\n"


def test_every_limit_is_a_hard_one() -> None:
    source = """
kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
print(resource.RLIM_INFINITY in [resource.getrlimit(kind)[1] for kind in kinds])
"""
    assert limited(source, Limits()).stdout == "False\n"
