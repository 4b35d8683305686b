"""Grading on a cluster: a real scheduler, real worker processes, and one of them killed."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder import dask_pool
from autograder.assignment import Course
from autograder.errors import SpeechmarkError
from autograder.isolation.sandbox import best_level

pytest.importorskip("distributed", reason="the extra speechmark[dask] is not installed")

ROOT = Path(__file__).parents[1]
FAKES = ROOT / "tests" / "fakes"
sys.path.insert(0, str(FAKES))  # as on the workers
fakes = importlib.import_module("dask_fakes")
DASK = Path(sys.executable).parent / "dask"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "solutions" / "contrastive"
    folder.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").touch()
    shutil.copy(ROOT / "solutions" / "contrastive" / "assignment.toml", folder)
    return tmp_path


@pytest.fixture
def job(course: Path, tmp_path: Path) -> Any:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return fakes.FakeJob(course, scratch)


class Cluster:
    """A scheduler and workers, each a process started as a person would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--port", "0", "--no-dashboard")
        self.address = self._said(self.scheduler, r"Scheduler at:\s+(tcp://\S+)")

    def worker(self, threads: int = 1, **environment: str) -> subprocess.Popen[bytes]:
        process = self._start(
            "worker", self.address, "--no-nanny", "--no-dashboard", "--nthreads", str(threads),
            "--local-directory", str(self.folder), **environment,
        )  # fmt: skip
        self._said(process, r"Registered to:\s+(\S+)")
        return process

    def _start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [str(DASK), *command],
            stdout=log,
            stderr=log,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(FAKES), **environment},
        )
        log.close()
        self.processes.append(process)
        return process

    def _said(self, process: subprocess.Popen[bytes], pattern: str) -> str:
        log = self.folder / f"{self.processes.index(process)}.log"
        for _ in range(600):
            if found := re.search(pattern, log.read_text()):
                return found[1]
            if process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"dask did not start:\n{log.read_text()}")

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def start_cluster(tmp_path: Path) -> Iterator[Callable[[], Cluster]]:
    clusters: list[Cluster] = []

    def start() -> Cluster:
        folder = tmp_path / f"cluster{len(clusters)}"
        folder.mkdir()
        clusters.append(Cluster(folder))
        return clusters[-1]

    yield start
    for cluster in clusters:
        cluster.close()


def run(job: Any, task: Any, items: list[Any], cluster: Cluster, jobs: int = 0) -> dict[Any, Any]:
    return dict(dask_pool.work(job, task, items, jobs, address=cluster.address))


def test_every_item_is_done_once_with_one_grader_for_each_worker(job, start_cluster):
    cluster = start_cluster()
    workers = {cluster.worker().pid, cluster.worker(threads=3).pid}
    done = run(job, fakes.square, list(range(12)), cluster)
    assert {item: answer[0] for item, answer in done.items()} == {i: i * i for i in range(12)}
    assert {answer[1] for answer in done.values()} == workers
    assert len(list(job.scratch.glob("grader-*"))) == 2
    for worker in workers:
        asked = [answer[2] for answer in done.values() if answer[1] == worker]
        assert sorted(asked) == list(range(1, len(asked) + 1))
    assert {path.name for path in job.scratch.glob("closed-*")} == {f"closed-{w}" for w in workers}


def test_the_items_of_a_worker_that_is_killed_are_done_by_another(job, start_cluster):
    cluster = start_cluster()
    victim, other = cluster.worker(), cluster.worker()
    done: dict[int, Any] = {}
    for item, answer in dask_pool.work(
        job, fakes.square, list(range(20)), 0, address=cluster.address
    ):
        assert item not in done
        done[item] = answer
        if len(done) == 6:
            victim.send_signal(signal.SIGKILL)
    assert {item: answer[0] for item, answer in done.items()} == {i: i * i for i in range(20)}
    assert list(done.values())[-1][1] == other.pid


def test_an_item_that_kills_two_workers_is_given_up_and_the_others_are_done(job, start_cluster):
    cluster = start_cluster()
    for _ in range(3):
        cluster.worker()
    done = run(job, fakes.kill_the_worker, list(range(8)), cluster)
    assert done == {i: None if i == 3 else i for i in range(8)}


def test_a_worker_below_the_level_is_refused_and_the_others_grade(job, start_cluster):
    if best_level()[0] < 3:
        pytest.skip("level 3 is not to be had here, so no worker could be above another")
    cluster = start_cluster()
    # Without bubblewrap on its path a worker cannot reach level 3.
    weak, strong = cluster.worker(PATH=str(DASK.parent)), cluster.worker()
    level_three = fakes.FakeJob(job.course, job.scratch, level=3)
    done = run(level_three, fakes.square, list(range(5)), cluster)
    assert {answer[1] for answer in done.values()} == {strong.pid}
    strong.kill()
    strong.wait()
    with pytest.raises(SpeechmarkError, match="fit to grade") as refusal:
        run(level_three, fakes.square, [1], cluster)
    assert "level 3 is not to be had" in str(refusal.value)
    assert weak.poll() is None


def test_a_worker_with_other_suites_is_refused(job, start_cluster, monkeypatch):
    cluster = start_cluster()
    cluster.worker()
    suites = Course(job.course).assignment("contrastive").suites_digest
    monkeypatch.setattr(
        dask_pool, "_facts", lambda _: {"kit": "", "suites": suites, "torch": "0.1"}
    )
    with pytest.raises(SpeechmarkError, match="Not the same kit and torch"):
        run(job, fakes.square, [1], cluster)


def test_what_a_task_raises_comes_back_as_from_the_local_pool(job, start_cluster):
    cluster = start_cluster()
    cluster.worker()
    with pytest.raises(ZeroDivisionError, match="by the task itself"):
        run(job, fakes.raise_on_three, list(range(6)), cluster)
    assert run(job, fakes.square, [5], cluster)[5][0] == 25


def test_a_worker_that_comes_later_is_used_and_the_number_at_a_time_is_kept(job, start_cluster):
    cluster = start_cluster()
    cluster.worker()
    late: list[subprocess.Popen[bytes]] = []
    pids = set()
    for number, (_, answer) in enumerate(
        dask_pool.work(job, fakes.square, list(range(200)), 1, address=cluster.address)
    ):
        assert answer is not None
        pids.add(answer[1])
        if number == 0:
            late.append(cluster.worker())
            cluster.processes[1].kill()
        if late and late[0].pid in pids:
            break
    assert late[0].pid in pids


def test_without_a_scheduler_or_a_worker_the_message_says_what_to_do(
    job, start_cluster, monkeypatch
):
    monkeypatch.setattr(dask_pool, "PATIENCE", 0.6)
    cluster = start_cluster()
    with pytest.raises(SpeechmarkError, match="has no worker"):
        run(job, fakes.square, [1], cluster)
    cluster.close()
    with pytest.raises(SpeechmarkError, match="No Dask scheduler answers"):
        run(job, fakes.square, [1], cluster)
    assert list(dask_pool.work(job, fakes.square, [], 0, address="tcp://nowhere:1")) == []
