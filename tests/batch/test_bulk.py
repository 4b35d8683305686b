"""A process that dies costs nobody a grade, and takes no other submission along."""

from __future__ import annotations

import importlib
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.batch import bulk
from autograder.course.submissions import Submission
from autograder.grading.grader import Grader
from tests.conftest import ROOT

FAKES = Path(__file__).parent / "fakes"
sys.path.insert(0, str(FAKES))  # as in the processes that are spawned
fakes: Any = importlib.import_module("pool_fakes")
ITEMS = list(range(6))


def test_an_item_that_kills_its_process_is_given_up_and_all_others_are_done(
    tmp_path: Path,
) -> None:
    done = list(bulk.pool_map(fakes.FakeJob(tmp_path), fakes.die_always, ITEMS, 2))
    assert sorted(item for item, _ in done) == ITEMS
    assert dict(done) == {item: None if item == 3 else item * item for item in ITEMS}
    assert len(list(tmp_path.glob("3-*"))) == 2


def test_an_item_whose_process_is_killed_once_is_done_all_the_same(tmp_path: Path) -> None:
    done = list(bulk.pool_map(fakes.FakeJob(tmp_path), fakes.die_once, ITEMS, 2))
    assert dict(done) == {item: item * item for item in ITEMS}


def test_a_process_keeps_nothing_of_the_items_it_has_done(tmp_path: Path) -> None:
    done = dict(bulk.pool_map(fakes.FakeJob(tmp_path), fakes.leave_a_cycle, ITEMS, 1))
    assert done == dict.fromkeys(ITEMS, 0)


def test_what_is_held_until_the_next_item_is_not_kept_for_good(tmp_path: Path) -> None:
    done = dict(bulk.pool_map(fakes.FakeJob(tmp_path), fakes.hold_much_until_the_next, ITEMS, 1))
    assert done == dict.fromkeys(ITEMS, 0)


RUN = """
import sys
from pathlib import Path
from autograder.batch import bulk
import pool_fakes
if __name__ == "__main__":
    job = pool_fakes.FakeJob(Path(sys.argv[1]))
    list(bulk.pool_map(job, pool_fakes.wait_for_ever, [1, 2], 2))
"""


def test_what_starts_the_processes_needs_no_torch() -> None:
    script = "import sys, autograder.cli, autograder.batch.session; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


def test_no_process_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN)
    environment = {"PYTHONPATH": f"{FAKES}:{ROOT}", "PATH": "/usr/bin:/bin"}
    run = subprocess.Popen([sys.executable, script, tmp_path], env=environment)
    try:
        pids = _eventually(lambda: len(found := list(tmp_path.glob("pid-*"))) == 2 and found)
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
    for pid in (path.name.removeprefix("pid-") for path in pids):
        assert _eventually(lambda pid=pid: not Path(f"/proc/{pid}").exists())


def _eventually(condition: Any, seconds: float = 60.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def test_whatever_fails_over_a_submission_is_its_record_and_not_the_end(
    grader: Grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("no room\ud800")

    monkeypatch.setattr(grader, "result", fail)
    record = bulk._grade(False, grader, Submission("ada", tmp_path))
    assert '"graded":false' in record
    assert "The grader failed: MemoryError" in record
