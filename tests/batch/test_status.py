"""Where a class stands: told at any time, cheaply, and right when a run was killed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from autograder import notebooks
from autograder.batch.heartbeat import Heartbeat, is_running, last_run
from autograder.batch.status import Status, show, status
from autograder.course.assignment import Assignment, Course
from autograder.course.results import Environment, SubmissionResult
from autograder.course.submissions import submitted
from autograder.grading.job import Job
from autograder.store.results import Store
from autograder.support.errors import SpeechmarkError

ROOT = Path(__file__).resolve().parents[2]


def content(fade: str) -> bytes:
    marks = {"grade_id": "fade_solution", "grade": False, "solution": True, "locked": False}
    cell = {
        "cell_type": "code",
        "metadata": {"nbgrader": {"schema_version": 3, **marks}},
        "source": fade,
        "outputs": [],
        "execution_count": None,
    }
    whole = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole).encode()


STUB = "def fade(wave):\n    raise NotImplementedError"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with a released assignment and a class of three."""
    folder = tmp_path / "solutions" / "contrastive"
    (folder / "hidden").mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").touch()
    shutil.copy(ROOT / "solutions" / "contrastive" / "assignment.toml", folder)
    release = tmp_path / "assignments" / "contrastive" / "contrastive.ipynb"
    release.parent.mkdir(parents=True)
    release.write_bytes(content(STUB))
    for number, name in enumerate(("ada", "bea", "chi")):
        hand_in(tmp_path, name, content(f"def fade(wave):\n    return wave + {number}"))
    return tmp_path


def hand_in(course: Path, name: str, notebook: bytes) -> None:
    path = course / "submitted" / name / "contrastive" / "contrastive.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook)


def open_assignment(course: Path) -> Assignment:
    return Course(course).assignment("contrastive")


class Grading:
    """Stands for a run: stores results and gives signs of life."""

    def __init__(self, course: Path) -> None:
        self.course = course

    def run(self, names: tuple[str, ...], level: int = 3) -> None:
        assignment = open_assignment(self.course)
        job = Job(assignment, level)
        release = notebooks.read(assignment.release_notebook)
        with Heartbeat(job, total=3, jobs=2) as heartbeat:
            for submission in submitted(assignment):
                if submission.name in names:
                    cells = notebooks.rebuild(notebooks.read(submission.path), release).cells
                    key = job.conditions().key(cells)
                    result = graded(submission.name, 20.0, key=key, level=level)
                    Store(assignment).save(result, notebooks.digest(cells))
                    heartbeat.beat(result)

    def status(self) -> Status:
        assignment = open_assignment(self.course)
        return status(assignment, submitted(assignment))


@pytest.fixture
def grading(course: Path) -> Grading:
    return Grading(course)


def graded(
    name: str,
    score: float,
    *,
    ok: bool = True,
    seconds: float = 1.0,
    key: str = "k",
    level: int = 3,
) -> SubmissionResult:
    where = Environment(
        kit="0", torch="0", python="3", device="cpu", threads=1, level=level, suites="s"
    )
    return SubmissionResult(
        name=name,
        assignment="contrastive",
        key=key,
        score=score,
        max_score=20.0,
        parts=[],
        graded=ok,
        environment=where,
        seconds=seconds,
    )


def said(found: Status, course: Path) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        show(found, open_assignment(course), console)
    return capture.get()


def test_before_any_run_nothing_is_graded(grading):
    found = grading.status()
    assert found.waiting == ["ada", "bea", "chi"]
    assert (found.graded, found.stale, found.running, found.run) == ([], [], False, None)
    assert "no run" in said(found, grading.course)


def test_what_has_a_stored_result_is_graded_and_the_rest_is_not(grading):
    grading.run(("ada", "chi"))
    found = grading.status()
    assert found.graded == ["ada", "chi"]
    assert found.waiting == ["bea"]


def test_a_result_that_grading_would_not_take_is_none(grading):
    grading.run(("ada", "bea", "chi"), level=1)
    store = grading.course / ".speechmark" / "results" / "contrastive"
    next(iter(store.glob("*.json"))).write_text('{"schema_version": 1}')
    assert len(grading.status().graded) == 2
    grading.run((), level=2)
    found = grading.status()
    assert (found.graded, found.waiting) == ([], ["ada", "bea", "chi"])


def test_a_changed_suite_makes_results_stale_and_is_named(grading):
    grading.run(("ada", "bea"))
    suite = grading.course / "solutions" / "contrastive" / "hidden" / "test_fade.py"
    suite.write_text("def test_fade(student): ...")
    found = grading.status()
    assert found.stale == ["ada", "bea"]
    assert found.waiting == ["chi"]
    assert found.changed == ["suites"]
    assert "changed since: suites" in said(found, grading.course)


def test_what_an_interrupted_regrade_has_not_reached_is_still_stale(grading):
    grading.run(("ada", "bea", "chi"))
    suite = grading.course / "solutions" / "contrastive" / "hidden" / "test_fade.py"
    suite.write_text("def test_fade(student): ...")
    grading.run(("ada",))
    found = grading.status()
    assert found.graded == ["ada"]
    assert found.stale == ["bea", "chi"]


def test_a_suite_put_back_as_it_was_makes_the_old_results_count_again(grading):
    grading.run(("ada",))
    suite = grading.course / "solutions" / "contrastive" / "hidden" / "test_fade.py"
    suite.write_text("def test_fade(student): ...")
    assert grading.status().stale == ["ada"]
    suite.unlink()
    assert grading.status().graded == ["ada"]


def test_work_that_is_handed_in_anew_is_not_graded_and_other_changes_are_no_work(grading):
    grading.run(("ada", "bea", "chi"))
    hand_in(grading.course, "ada", content("def fade(wave):\n    return wave * 2"))
    same = json.loads(content("def fade(wave):\n    return wave + 1"))
    same["metadata"] = {"kernelspec": {"name": "other"}}
    hand_in(grading.course, "bea", json.dumps(same).encode())
    found = grading.status()
    assert found.waiting == ["ada"]
    assert found.graded == ["bea", "chi"]


def test_a_submission_that_is_no_notebook_is_named_with_the_reason(grading):
    hand_in(grading.course, "bea", b"[bold]not json")
    found = grading.status()
    assert found.unreadable.keys() == {"bea"}
    assert "not readable  bea" in said(found, grading.course)
    assert f"Not readable: bea: {found.unreadable['bea']}"[:60] in said(found, grading.course)


def test_notebooks_that_have_not_changed_are_not_read_again(grading, monkeypatch):
    grading.run(("ada",))
    first = grading.status()
    hand_in(grading.course, "chi", content("def fade(wave):\n    return -wave"))
    rebuilt: list[object] = []
    whole = notebooks.rebuild
    monkeypatch.setattr(
        "autograder.course.releases.rebuild", lambda *a: rebuilt.append(a) or whole(*a)
    )
    second = grading.status()
    assert len(rebuilt) == 1
    assert (second.graded, second.waiting) == (first.graded, first.waiting)


def test_a_damaged_memory_of_what_was_read_is_not_believed(grading):
    grading.run(("ada",))
    grading.status()
    memory = grading.course / ".speechmark" / "runs" / "contrastive.digests.json"
    for damage in (b"", b"{", b"[]", b'{"basis": 3}'):
        memory.write_bytes(damage)
        assert grading.status().graded == ["ada"]


def test_a_run_counts_outcomes_and_estimates_the_time_that_is_left(course):
    assignment = open_assignment(course)
    with Heartbeat(Job(assignment), total=8, jobs=2) as heartbeat:
        for score, ok in ((20.0, True), (20.0, True), (7.5, True), (0.0, True), (0.0, False)):
            heartbeat.beat(graded("x", score, ok=ok, seconds=4.0))
        run = heartbeat.run
    assert run.outcomes == {"full": 2, "partial": 1, "zero": 1, "not graded": 1}
    assert run.words() == "2 full, 1 partial, 1 zero, 1 not graded"
    assert run.seconds_left(3) == pytest.approx(6.0)
    ended = last_run(assignment)
    assert ended is not None
    assert ended.outcomes == run.outcomes
    assert ended.ended


def test_of_what_is_left_only_what_has_no_result_takes_time(grading):
    grading.run(("ada", "bea", "chi"))
    hand_in(grading.course, "chi", content("def fade(wave):\n    return -wave"))
    assignment = open_assignment(grading.course)
    with Heartbeat(Job(assignment), total=3, jobs=1) as heartbeat:
        heartbeat.beat(graded("ada", 20.0, seconds=5.0))
        time.sleep(0.6)
        heartbeat.beat(graded("bea", 20.0, seconds=5.0))
        found = grading.status()
    assert found.running
    assert found.seconds_left == pytest.approx(5.0)


RUN = """
import sys, time
from pathlib import Path
from autograder.course.assignment import Course
from autograder.batch.heartbeat import Heartbeat
from autograder.grading.job import Job
with Heartbeat(Job(Course(Path(sys.argv[1])).assignment("contrastive")), 300, 2):
    print("running", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other_process(course: Path):
    process = subprocess.Popen([sys.executable, "-c", RUN, str(course)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"running\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_run_in_another_process_is_seen_and_one_that_was_killed_is_told_from_it(
    course, other_process
):
    found = Grading(course).status()
    assert found.running
    assert found.run is not None
    assert (found.run.pid, found.run.total) == (other_process.pid, 300)
    assert "Running since" in said(found, course)
    other_process.send_signal(signal.SIGKILL)
    other_process.wait()
    found = Grading(course).status()
    assert not found.running
    assert found.run is not None
    assert found.run.ended is None
    assert "interrupted" in said(found, course)


def test_a_second_run_over_the_class_is_refused_while_the_first_goes_on(course, other_process):
    assignment = open_assignment(course)
    with (
        pytest.raises(SpeechmarkError, match=f"already, by process {other_process.pid}"),
        Heartbeat(Job(assignment), 1, 1),
    ):
        pass
    other_process.kill()
    other_process.wait()
    with Heartbeat(Job(assignment), 1, 1):
        assert is_running(assignment)
    assert not is_running(assignment)


def test_a_damaged_sign_of_life_is_none(grading):
    grading.run(("ada",))
    path = grading.course / ".speechmark" / "runs" / "contrastive.json"
    for damage in (b"", b"{", b"[]", b'{"pid": 1}', b'{"conditions": {}, "earlier": []}'):
        path.write_bytes(damage)
        assert last_run(open_assignment(grading.course)) is None


def test_a_status_as_json_is_plain_values(grading):
    grading.run(("ada",))
    plain = json.loads(json.dumps(grading.status().as_json(), allow_nan=False))
    assert plain["graded"] == ["ada"]
    assert plain["run"]["outcomes"] == {"full": 1}
    assert plain["seconds_left"] is None


def test_a_status_needs_no_torch_and_no_numpy():
    script = (
        "import sys\n"
        "import autograder.batch.status, autograder.batch.heartbeat\n"
        "import autograder.store.ledger, autograder.store.results\n"
        "print([m for m in ('torch', 'numpy', 'nbgrader', 'nbformat') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
