"""Grading on a cluster: a real scheduler, real worker processes, and one of them killed."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.batch import dask_pool
from autograder.course.assignment import Course
from autograder.isolation.sandbox import best_level
from autograder.support.errors import SpeechmarkError

pytest.importorskip("distributed", reason="the extra speechmark[dask] is not installed")

ROOT = Path(__file__).resolve().parents[2]
FAKES = Path(__file__).parent / "fakes"
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
    return fakes.FakeJob(Course(course).assignment("contrastive"), scratch)


class Cluster:
    """A scheduler and workers, each a process started as a person would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler, said = self._start(
            r"Scheduler at:\s+(tcp://\S+)", "scheduler", "--port", "0", "--no-dashboard"
        )
        self.address = said

    def worker(self, threads: int = 1, **environment: str) -> subprocess.Popen[bytes]:
        process, _ = self._start(
            r"Registered to:\s+(\S+)", "worker", self.address, "--no-nanny", "--no-dashboard",
            "--nthreads", str(threads), "--local-directory", str(self.folder),
            **{"PYTHONPATH": f"{FAKES}:{ROOT}", **environment},
        )  # fmt: skip
        self.workers.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        if process in self.workers:
            self.workers.remove(process)

    def have(self, count: int) -> list[subprocess.Popen[bytes]]:
        """So many workers that are alive, the survivors of earlier tests among them."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) > count:
            self.kill(self.workers[-1])
        while len(self.workers) < count:
            self.worker()
        return list(self.workers)

    def _start(
        self, awaited: str, *command: str, **environment: str
    ) -> tuple[subprocess.Popen[bytes], str]:
        path = self.folder / f"{time.monotonic_ns()}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                [str(DASK), *command],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, **environment},
            )
        for _ in range(600):
            if found := re.search(awaited, path.read_text()):
                return process, found[1]
            if process.poll() is not None:
                break
            time.sleep(0.1)
        process.kill()
        raise AssertionError(f"dask did not start:\n{path.read_text()}")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    yield made
    made.have(0)
    made.kill(made.scheduler)


def run(job: Any, task: Any, items: list[Any], cluster: Cluster, jobs: int = 0) -> dict[Any, Any]:
    return dict(dask_pool.pool_map(job, task, items, jobs, address=cluster.address))


def test_every_item_is_done_once_with_one_grader_for_each_worker(job, cluster):
    cluster.have(1)
    cluster.worker(threads=3)
    workers = {worker.pid for worker in cluster.workers}
    done = run(job, fakes.square, list(range(12)), cluster)
    assert {item: answer[0] for item, answer in done.items()} == {i: i * i for i in range(12)}
    assert {answer[1] for answer in done.values()} == workers
    assert len(list(job.scratch.glob("grader-*"))) == 2
    for worker in workers:
        asked = [answer[2] for answer in done.values() if answer[1] == worker]
        assert sorted(asked) == list(range(1, len(asked) + 1))
    assert {path.name for path in job.scratch.glob("closed-*")} == {f"closed-{w}" for w in workers}


def test_one_item_at_a_time_is_done_in_order(job, cluster):
    cluster.have(2)
    done = run(job, fakes.square, list(range(6)), cluster, jobs=1)
    assert list(done) == list(range(6))


def test_what_a_task_raises_comes_back_as_from_the_local_pool(job, cluster):
    cluster.have(2)
    with pytest.raises(ZeroDivisionError, match="by the task itself"):
        run(job, fakes.raise_on_three, list(range(6)), cluster)
    assert run(job, fakes.square, [5], cluster)[5][0] == 25


def test_a_worker_with_another_kit_or_other_suites_is_refused(job, cluster, monkeypatch):
    cluster.have(2)
    suites = job.assignment.suites_digest
    ours = {"kit": "", "suites": suites, "torch": "0.1"}
    monkeypatch.setattr(dask_pool, "_facts", lambda _: ours)
    with pytest.raises(SpeechmarkError, match="Not the same kit and torch"):
        run(job, fakes.square, [1], cluster)


def test_the_items_of_a_killed_worker_are_done_by_others_and_late_comers_help(job, cluster):
    victim, _ = cluster.have(2)
    done: dict[int, Any] = {}
    late = None
    for item, answer in dask_pool.pool_map(
        job, fakes.square, list(range(60)), 0, address=cluster.address
    ):
        assert item not in done
        done[item] = answer
        if len(done) == 6:
            cluster.kill(victim)
            late = cluster.worker()
    assert {item: answer[0] for item, answer in done.items()} == {i: i * i for i in range(60)}
    assert late is not None
    assert late.pid in {answer[1] for answer in done.values()}
    assert victim.pid not in {answer[1] for answer in list(done.values())[10:]}


def test_an_item_that_kills_two_workers_is_given_up_and_the_others_are_done(job, cluster):
    cluster.have(3)
    done = run(job, fakes.kill_the_worker, list(range(8)), cluster)
    assert done == {i: None if i == 3 else i for i in range(8)}


def test_a_worker_below_the_level_is_refused_and_the_others_grade(job, cluster, tmp_path):
    if best_level()[0] < 3:
        pytest.skip("level 3 is not to be had here, so no worker could be above another")
    (strong,) = cluster.have(1)
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    weak = cluster.worker(PATH=f"{tmp_path}:{os.environ['PATH']}")
    level_three = fakes.FakeJob(job.assignment, job.scratch, level=3)
    done = run(level_three, fakes.square, list(range(40)), cluster)
    assert {answer[1] for answer in done.values()} == {strong.pid}
    cluster.kill(strong)
    with pytest.raises(SpeechmarkError, match="fit to grade") as refusal:
        run(level_three, fakes.square, [1], cluster)
    assert "level 3 is not to be had" in str(refusal.value)
    cluster.kill(weak)


def test_without_a_worker_or_a_scheduler_the_message_says_what_to_do(job, cluster, monkeypatch):
    monkeypatch.setattr(dask_pool, "PATIENCE", 0.6)
    cluster.have(0)
    with pytest.raises(SpeechmarkError, match="has no worker"):
        run(job, fakes.square, [1], cluster)
    monkeypatch.setattr(dask_pool, "CONNECTING", 1)
    with pytest.raises(SpeechmarkError, match="No Dask scheduler answers"):
        list(dask_pool.pool_map(job, fakes.square, [1], 0, address="tcp://127.0.0.1:9"))
    assert list(dask_pool.pool_map(job, fakes.square, [], 0, address="tcp://127.0.0.1:9")) == []
