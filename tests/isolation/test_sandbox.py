"""Workers at every level that the machine offers, asked and told through their sockets."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.isolation.bwrap import Bind, environment
from autograder.isolation.linux.limits import Limits
from autograder.isolation.messages import read_line, send_line
from autograder.isolation.sandbox import WARM, Sandbox, SandboxError, Worker, unavailable

OBEY = "autograder.isolation.proof.attempts:obey"
MEBIBYTE = 1 << 20
KINDS = {"3": (3, True), "3 alone": (3, False), "2": (2, True), "1": (1, True)}


def make(kind: str, **options: Any) -> Sandbox:
    level, nested = KINDS[kind]
    if why := unavailable(level):
        pytest.skip(f"level {level} is not to be had here: {why}")
    return Sandbox(level, **{"warm": (), "entry": OBEY, "nested": nested, **options})


@pytest.fixture(scope="module", params=KINDS)
def sandbox(request: pytest.FixtureRequest, folder: Path) -> Iterator[Sandbox]:
    binds = [Bind(str(folder), "/shown")]
    with make(request.param, binds=binds) as made:
        yield made


@pytest.fixture
def scratch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own in which scratch folders are made, below level 3."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", name)
        monkeypatch.setenv("TMPDIR", name)
        yield Path(name)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that others may read: pytest's own are private to the user."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "file").write_text("shown")
        yield folder


def ask(worker: Worker, source: str) -> Any:
    """Run ``source`` in the worker; what it leaves in ``value``."""
    send_line(worker.sock, {"run": source})
    answer, _ = read_line(worker.sock)
    assert answer is not None, worker.wait(5)
    return answer["value"] if "value" in answer else pytest.fail(answer["error"])


def error(worker: Worker, source: str) -> str:
    """Run ``source``, which must raise, in the worker; the exception's name."""
    send_line(worker.sock, {"run": source})
    answer, _ = read_line(worker.sock)
    assert answer is not None, worker.wait(5)
    return str(answer.get("error", "nothing")).partition(":")[0]


def gone(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process ends within some seconds (a zombie has ended)."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False


def test_a_worker_answers_on_its_socket(sandbox: Sandbox) -> None:
    with sandbox.fork() as worker:
        assert ask(worker, "value = 6 * 7") == 42
        assert worker.alive()


def test_every_worker_is_fresh(sandbox: Sandbox) -> None:
    leave = "import math, os; math.left = 1; open(os.environ['HOME'] + '/left', 'w').write('x')"
    look = "import math, os; value = [hasattr(math, 'left'), os.listdir(os.environ['HOME'])]"
    with sandbox.fork() as first:
        ask(first, leave)
        assert ask(first, look) == [True, ["left"]]
        with sandbox.fork() as second:
            assert ask(second, look) == [False, []]


@pytest.mark.skipif(
    "MALLOC_TOP_PAD_" not in environment(""), reason="this C library cannot be asked to"
)
def test_a_worker_keeps_the_memory_that_it_frees(sandbox: Sandbox) -> None:
    source = """
import resource
size, faults = 64 << 20, lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
b"x" * size
before = faults()
for _ in range(5):
    b"x" * size
value = (faults() - before) * resource.getpagesize() / size
"""
    with sandbox.fork() as worker:
        assert ask(worker, source) < 1


def test_what_a_worker_allocates_lies_in_huge_pages(sandbox: Sandbox) -> None:
    switch = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    asked = switch.is_file() and "[madvise]" in switch.read_text()
    if "GLIBC_TUNABLES" not in environment("") or not asked:
        pytest.skip("this C library or this kernel has none to be asked for")
    source = """
import resource
faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
before = faults()
b"x" * (64 << 20)
value = faults() - before
"""
    with sandbox.fork() as worker:
        # One for every 2 MiB, and the small pages where a stretch begins and ends.
        assert ask(worker, source) < 2048


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_computes_as_the_grader_does(kind: str) -> None:
    """With the same instructions of the processor, and so to the same last bit."""
    source = """
import torch
drawn = torch.randn(4096, generator=torch.Generator().manual_seed(0))
value = [torch.backends.cpu.get_cpu_capability(), torch.nn.functional.gelu(drawn).tolist()]
"""
    here: dict[str, Any] = {}
    exec(source, here)
    with make(kind, warm=WARM) as sandbox, sandbox.fork() as worker:
        assert ask(worker, source) == here["value"]


def test_a_worker_knows_nothing_of_the_graders_environment(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEECHMARK_TEST_SECRET", "hidden")
    with sandbox.fork() as worker:
        environment = ask(worker, "import os; value = dict(os.environ)")
    assert "SPEECHMARK_TEST_SECRET" not in environment
    assert environment["OMP_NUM_THREADS"] == "1"


def test_a_worker_holds_no_descriptor_but_its_socket(sandbox: Sandbox) -> None:
    source = """
import os
value = []
for fd in range(64):
    try:
        os.fstat(fd)
        value.append(fd)
    except OSError:
        pass
"""
    with sandbox.fork() as worker:
        assert len(ask(worker, source)) == 4  # standard input, output, error and the socket


def test_a_killed_worker_is_gone_at_once(sandbox: Sandbox) -> None:
    with sandbox.fork() as worker:
        assert worker.kill().signal == signal.SIGKILL
        assert not worker.alive()
        assert gone(worker.pid)
        assert worker.sock.recv(1) == b""


def test_how_a_worker_ended_is_told(sandbox: Sandbox) -> None:
    for source, code in (
        ("import os; os._exit(7)", 7),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
    ):
        with sandbox.fork() as worker:
            send_line(worker.sock, {"run": source})
            ended = worker.wait(10)
            assert ended is not None
            assert ended.code == code


def test_a_worker_whose_socket_closes_ends(sandbox: Sandbox) -> None:
    worker = sandbox.fork()
    worker.sock.shutdown(2)
    ended = worker.wait(10)
    worker.close()
    assert ended is not None
    assert ended.code == 0


def test_processor_time_is_counted_while_it_runs_and_after(sandbox: Sandbox) -> None:
    burn = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass"
    with sandbox.fork() as worker:
        before = worker.cpu_seconds()
        ask(worker, burn.format(0.2))
        during = worker.cpu_seconds()
        assert during >= before + 0.2
        worker.kill()
        assert worker.cpu_seconds() >= during - 0.011  # the kernel's two clocks differ by a tick
    assert worker.cpu_seconds() < 5


def test_a_worker_sleeps_until_it_computes(sandbox: Sandbox) -> None:
    with sandbox.fork() as worker:
        eventually(worker.asleep)
        send_line(worker.sock, {"run": "while True: pass"})
        eventually(lambda: not worker.asleep())
        worker.kill()
        assert worker.asleep()


def eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_processor_time_runs_out(sandbox: Sandbox) -> None:
    with sandbox.fork(Limits(cpu_seconds=1)) as worker:
        send_line(worker.sock, {"run": "while True: pass"})
        ended = worker.wait(30)
        assert ended is not None
        assert ended.signal == signal.SIGKILL
        assert ended.cpu_seconds >= 0.9


def test_memory_runs_out_without_ending_the_worker(sandbox: Sandbox) -> None:
    with sandbox.fork(Limits(memory_bytes=128 * MEBIBYTE)) as worker:
        assert error(worker, "bytearray(256 << 20)") == "MemoryError"
        assert ask(worker, "value = len(bytearray(64 << 20))") == 64 * MEBIBYTE


def test_more_folders_can_be_shown_and_not_changed(sandbox: Sandbox, folder: Path) -> None:
    path = sandbox.seen(Bind(str(folder), "/shown"))
    with sandbox.fork() as worker:
        assert ask(worker, f"value = open({path!r} + '/file').read()") == "shown"
        if sandbox.level > 1:
            raised = error(worker, f"open({path!r} + '/file', 'w')")
            assert raised in ("OSError", "PermissionError")


def test_threads_run_and_processes_do_not(sandbox: Sandbox) -> None:
    thread = "import threading; t = threading.Thread(target=print); t.start(); t.join()"
    with sandbox.fork() as worker:
        ask(worker, thread)
        assert error(worker, "import os; os.fork()") == "PermissionError"
        assert error(worker, "import subprocess; subprocess.run(['true'])") == "PermissionError"


def test_threads_are_counted_at_level_3() -> None:
    source = """
import threading
stop, value = threading.Event(), 0
try:
    for value in range(200):
        threading.Thread(target=stop.wait).start()
except RuntimeError:
    pass
stop.set()
"""
    with make("3") as sandbox, sandbox.fork(Limits(threads=32)) as worker:
        if os.uname().release.split(".") < ["5", "14"]:
            pytest.skip("the kernel counts threads over the whole host")
        assert ask(worker, source) < 32


def test_workers_are_forked_from_several_threads(sandbox: Sandbox) -> None:
    pids: list[int] = []

    def job(number: int) -> None:
        with sandbox.fork() as worker:
            assert ask(worker, f"value = {number}") == number
            pids.append(worker.pid)

    threads = [threading.Thread(target=job, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_dead_zygote_is_replaced_and_leaves_nothing(kind: str, scratch: Path) -> None:
    with make(kind) as sandbox:
        with sandbox.fork() as worker:
            os.kill(_parent(worker.pid), signal.SIGKILL)
            assert gone(worker.pid), "a worker does not outlive its zygote"
        with sandbox.fork() as worker:
            assert ask(worker, "value = 1") == 1
    assert list(scratch.iterdir()) == []


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_behind(kind: str, scratch: Path) -> None:
    make(kind).close()  # what Python opens once and keeps
    fds = os.listdir("/proc/self/fd")
    with make(kind) as sandbox:
        worker = sandbox.fork()
        ask(worker, "import os; os.mkdir('deep'); open('deep/file', 'w').write('x')")
        family = [worker.pid, _parent(worker.pid)]
        worker.close()
        abandoned = sandbox.fork()
    assert all(gone(pid) for pid in (*family, abandoned.pid))
    abandoned.close()
    assert list(scratch.iterdir()) == []
    assert os.listdir("/proc/self/fd") == fds


GRADER = """
import os, sys, time
from autograder.isolation.sandbox import Sandbox
sandbox = Sandbox({level}, warm=(), entry={entry!r}, nested={nested})
worker = sandbox.fork()
if os.fork() == 0:  # a child that goes on holding every socket of its parent
    time.sleep(60)
print(worker.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_outlives_a_grader_that_is_killed(kind: str, scratch: Path) -> None:
    make(kind).close()
    level, nested = KINDS[kind]
    source = GRADER.format(level=level, nested=nested, entry=OBEY)
    grader = subprocess.Popen(
        [sys.executable, "-c", source], stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        assert grader.stdout is not None
        worker = int(grader.stdout.readline())
        zygote = _parent(worker)
        grader.kill()
        grader.wait()
        assert gone(worker)
        assert gone(zygote)
        assert list(scratch.iterdir()) == []
    finally:
        os.killpg(grader.pid, signal.SIGKILL)


def test_a_warm_up_that_fails_is_named() -> None:
    with (
        make("1", warm=("no_such_module",)) as sandbox,
        pytest.raises(SandboxError, match="no_such_module"),
    ):
        sandbox.fork()


def test_an_entry_that_does_not_exist_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="no_such_function"):
        sandbox.fork(entry="autograder.isolation.proof.attempts:no_such_function")
    with sandbox.fork() as worker:
        assert ask(worker, "value = 1") == 1


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SandboxError, match="levels 1, 2 and 3"):
        Sandbox(4)


@pytest.mark.parametrize("kind", ["3", "2"])
def test_what_homework_needs_works(kind: str) -> None:
    source = """
import asyncio, tempfile
import torch, torchaudio
net = torch.nn.Sequential(torch.nn.Conv1d(1, 4, 9), torch.nn.ReLU(), torch.nn.LSTM(92, 8))
x = torch.randn(8, 1, 100)
net(x)[0].square().mean().backward()
mel = torchaudio.transforms.MelSpectrogram(8000, n_fft=256)(torch.randn(1, 4000))
with tempfile.TemporaryDirectory() as folder:
    torch.save(net.state_dict(), folder + '/net.pt')
    torch.load(folder + '/net.pt')
asyncio.run(asyncio.sleep(0))
value = [bool(torch.isfinite(mel).all()), all(p.grad is not None for p in net.parameters())]
"""
    with make(kind, warm=("torch",)) as sandbox, sandbox.fork() as worker:
        assert ask(worker, source) == [True, True]
        assert "Error" in error(worker, "torch.empty(3 << 30)")


def test_a_probe_is_fitted_and_a_plot_drawn_at_level_3() -> None:
    source = """
import io
import matplotlib.pyplot as plt, numpy, sklearn.linear_model
fit = sklearn.linear_model.LogisticRegression().fit(numpy.eye(4), [0, 1, 0, 1])
plt.plot([1, 2])
plt.savefig(io.BytesIO())
value = fit.classes_.tolist()
"""
    with make("3", warm=("sklearn.linear_model",)) as sandbox, sandbox.fork() as worker:
        assert ask(worker, source) == [0, 1]


def test_a_sandbox_outlives_the_thread_that_opened_it() -> None:
    made: list[Sandbox] = []
    opener = threading.Thread(target=lambda: made.append(make("3")))
    opener.start()
    opener.join()
    if not made:
        pytest.skip("level 3 is not to be had here")
    with made[0] as sandbox, sandbox.fork() as worker:
        assert ask(worker, "value = 1") == 1


def test_a_forked_grader_opens_a_sandbox_of_its_own() -> None:
    source = f"""
import os
from autograder.isolation.sandbox import Sandbox
with Sandbox(1, warm=(), entry={OBEY!r}) as sandbox:
    sandbox.fork().close()
    child = os.fork()
    if child == 0:
        with Sandbox(1, warm=(), entry={OBEY!r}) as own:
            own.fork().close()
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    with sandbox.fork() as worker:
        assert worker.alive()
"""
    subprocess.run([sys.executable, "-c", source], check=True, timeout=60)


def test_a_worker_that_is_forgotten_is_killed() -> None:
    with make("1") as sandbox:
        worker = sandbox.fork()
        pid = worker.pid
        send_line(worker.sock, {"run": "import time; time.sleep(60)"})
        del worker
        assert gone(pid)


def test_the_loss_of_one_worker_leaves_the_others(sandbox: Sandbox) -> None:
    with sandbox.fork() as one, sandbox.fork() as other:
        one.kill()
        assert ask(other, "value = 1") == 1
