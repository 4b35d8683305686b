"""The filter as a program, run here by a small BPF machine, and as the kernel runs it."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.isolation.linux import seccomp

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PID = 4321
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
UNKNOWN = 0x00050000 | errno.ENOSYS
PROGRAMS = {machine: seccomp.program(machine, PID) for machine in MACHINES}
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}

machines = pytest.mark.parametrize("machine", list(MACHINES))


def verdict(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """What the filter returns for a call, by the rules of classic BPF."""
    words = {0: number, 4: audit or MACHINES[machine]}
    words |= {16 + 8 * i: value & 0xFFFFFFFF for i, value in enumerate(arguments)}
    words |= {20 + 8 * i: value >> 32 for i, value in enumerate(arguments)}
    program = PROGRAMS[machine]
    accumulator = at = 0
    while True:
        code, yes, no, operand = program[at]
        at += 1
        match code:
            case 0x20:
                accumulator = words.get(operand, 0)
            case 0x54:
                accumulator &= operand
            case 0x15 | 0x35 | 0x45:
                holds = {
                    0x15: accumulator == operand,
                    0x35: accumulator >= operand,
                    0x45: bool(accumulator & operand),
                }[code]
                at += yes if holds else no
            case 0x06:
                return operand
            case _:
                raise AssertionError(f"no such instruction: {code:#x}")


def number(machine: str, both: tuple[int | None, int | None]) -> int | None:
    return both[0] if machine == "x86_64" else both[1]


@machines
def test_a_listed_call_is_refused_whatever_its_arguments(machine: str) -> None:
    known = [n for both in seccomp.REFUSED.values() if (n := number(machine, both)) is not None]
    for arguments in ((), (2**32 - 1, 2**32 - 1)):
        assert {verdict(machine, call, *arguments) for call in known} == {REFUSE}


@given(st.sampled_from(list(MACHINES)), st.integers(0, 462), st.integers(0, 2**32 - 1))
def test_any_other_call_is_allowed(machine: str, call: int, argument: int) -> None:
    column = list(MACHINES).index(machine)
    special = [*seccomp.WEIGHED.values(), *seccomp.REFUSED.values()]
    if call not in {both[column] for both in special}:
        assert verdict(machine, call, argument, argument, argument) == ALLOW


@machines
def test_threads_may_be_made_and_processes_not(machine: str) -> None:
    clone, clone3 = (number(machine, seccomp.WEIGHED[n]) or 0 for n in ("clone", "clone3"))
    thread, vm = 0x00010000, 0x00000100
    assert verdict(machine, clone, thread | vm) == ALLOW
    assert verdict(machine, clone, vm) == REFUSE
    assert verdict(machine, clone, 17) == REFUSE
    assert verdict(machine, clone3) == UNKNOWN


@machines
def test_only_a_connected_pair_of_streams_is_a_socket(machine: str) -> None:
    pair = number(machine, seccomp.WEIGHED["socketpair"]) or 0
    unix, inet, stream, datagram, close_on_exec = 1, 2, 1, 2, 0o2000000
    assert verdict(machine, pair, unix, stream) == ALLOW
    assert verdict(machine, pair, unix, stream | close_on_exec) == ALLOW
    assert verdict(machine, pair, unix, datagram) == REFUSE
    assert verdict(machine, pair, inet, stream) == REFUSE


@machines
@given(pid=st.integers(0, 2**32 - 1))
def test_no_other_process_is_signalled_or_limited(machine: str, pid: int) -> None:
    for call in ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        known = number(machine, seccomp.WEIGHED[call]) or 0
        assert verdict(machine, known, pid) == (ALLOW if pid == PID else REFUSE)
    limit = number(machine, seccomp.WEIGHED["prlimit64"]) or 0
    assert verdict(machine, limit, pid) == (ALLOW if pid in (0, PID) else REFUSE)
    assert verdict(machine, limit, PID) == ALLOW


@machines
def test_a_worker_cannot_make_its_end_look_like_the_hosts_doing(machine: str) -> None:
    calls = {name: number(machine, seccomp.WEIGHED[name]) or 0 for name in seccomp.WEIGHED}
    abort, kill, cpu, stack = 6, 9, 0, 3
    for name in ("kill", "rt_sigqueueinfo"):
        assert verdict(machine, calls[name], PID, kill) == REFUSE
        assert verdict(machine, calls[name], PID, abort) == ALLOW
    for name in ("tgkill", "rt_tgsigqueueinfo"):
        assert verdict(machine, calls[name], PID, PID, kill) == REFUSE
        assert verdict(machine, calls[name], PID, PID, abort) == ALLOW
    for pointer in (0x7FFC_0000_1000, 0x7FFC_0000_0000):
        assert verdict(machine, calls["prlimit64"], 0, cpu, pointer) == REFUSE
        assert verdict(machine, calls["prlimit64"], 0, stack, pointer) == ALLOW
    assert verdict(machine, calls["prlimit64"], 0, cpu, 0) == ALLOW
    assert verdict(machine, calls["setrlimit"], cpu) == REFUSE
    assert verdict(machine, calls["setrlimit"], stack) == ALLOW


@machines
def test_no_signal_is_aimed_and_no_terminal_typed_into(machine: str) -> None:
    calls = {name: number(machine, seccomp.WEIGHED[name]) or 0 for name in seccomp.WEIGHED}
    type_into, read_size, set_owner, set_signal, get_flags = 0x5412, 0x5413, 8, 10, 3
    assert verdict(machine, calls["ioctl"], 0, type_into) == REFUSE
    assert verdict(machine, calls["ioctl"], 0, read_size) == ALLOW
    assert verdict(machine, calls["fcntl"], 0, set_owner) == REFUSE
    assert verdict(machine, calls["fcntl"], 0, set_signal) == REFUSE
    assert verdict(machine, calls["fcntl"], 0, get_flags) == ALLOW


@machines
def test_a_worker_cannot_choose_to_outlive_its_parent(machine: str) -> None:
    set_parent_death_signal, set_name = 1, 15
    call = number(machine, seccomp.WEIGHED["prctl"]) or 0
    assert verdict(machine, call, set_parent_death_signal, 0) == REFUSE
    assert verdict(machine, call, set_name, 0) == ALLOW


@machines
def test_a_call_of_another_architecture_ends_the_process(machine: str) -> None:
    i386 = 0x40000003
    assert verdict(machine, 0, audit=i386) == KILL


@machines
@given(call=st.integers(463, 2**32 - 1))
def test_a_call_newer_than_the_table_does_not_exist(machine: str, call: int) -> None:
    assert verdict(machine, call) == UNKNOWN


@machines
def test_numbers_are_the_kernels(machine: str) -> None:
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed")
    pattern = re.compile(r"#define __NR(?:3264)?_(\w+)\s+(\d+)$", re.MULTILINE)
    header = {name: int(n) for name, n in pattern.findall(HEADERS[machine].read_text())}
    table = {**seccomp.WEIGHED, **seccomp.REFUSED}
    ours = {name: number(machine, both) for name, both in table.items()}
    assert {n: v for n, v in ours.items() if n in header} == {
        n: v for n, v in header.items() if n in ours
    }
    missing = {name for name, value in ours.items() if value is not None} - set(header)
    assert missing <= {"fchmodat2", "listmount", "statmount"}, "newer than Debian 12's headers"


@pytest.mark.skipif(not seccomp.available(), reason="the kernel does not filter system calls")
@pytest.mark.parametrize(
    "attempt",
    [
        "os.fork()",
        "subprocess.run(['true'])",
        "socket.socket()",
        "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
        "os.kill(os.getppid(), 0)",
        "os.memfd_create('m')",
        "os.pidfd_open(os.getppid())",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
        "resource.prlimit(0, resource.RLIMIT_CPU, (1, 1))",
        "fcntl.fcntl(socket.socketpair()[0], fcntl.F_SETOWN, os.getppid())",
        "os.nice(1)",
    ],
)
def test_the_kernel_refuses_with_a_permission_error(attempt: str) -> None:
    assert _filtered(f"try:\n    {attempt}\nexcept PermissionError:\n    print('refused')") == (
        "refused"
    )


@pytest.mark.skipif(not seccomp.available(), reason="the kernel does not filter system calls")
def test_what_libraries_need_still_works() -> None:
    source = """
    thread = threading.Thread(target=lambda: None); thread.start(); thread.join()
    with tempfile.TemporaryFile() as file: file.write(b'x')
    asyncio.run(asyncio.sleep(0))
    signal.signal(signal.SIGUSR1, lambda *_: print('signalled'))
    os.kill(os.getpid(), signal.SIGUSR1)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    mmap.mmap(-1, 4096).close()
    """
    assert _filtered(source.replace("\n    ", "\n")) == "signalled"


def _filtered(source: str) -> str:
    """What a fresh Python prints that runs ``source`` under the filter."""
    imports = (
        "import asyncio, fcntl, mmap, os, resource, signal, socket, subprocess, tempfile, threading"
    )
    lines = [
        imports,
        "from autograder.isolation.linux import seccomp",
        "seccomp.install()",
        source,
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@machines
@given(command=st.integers(0, 2048))
def test_descriptors_may_be_doubled_and_flagged_and_nothing_else(
    machine: str, command: int
) -> None:
    fcntl = number(machine, seccomp.WEIGHED["fcntl"]) or 0
    plain = {0, 1, 2, 3, 4, 1030}  # F_DUPFD to F_SETFL, F_DUPFD_CLOEXEC
    assert verdict(machine, fcntl, 3, command) == (ALLOW if command in plain else REFUSE)


@machines
def test_no_file_is_leased_or_locked(machine: str) -> None:
    fcntl = number(machine, seccomp.WEIGHED["fcntl"]) or 0
    set_lease, notify, set_lock, set_own_lock = 1024, 1026, 6, 37
    for command in (set_lease, notify, set_lock, set_own_lock):
        assert verdict(machine, fcntl, 3, command) == REFUSE
    assert verdict(machine, number(machine, seccomp.REFUSED["flock"]) or 0, 3, 2) == REFUSE
