"""A run that is killed twenty times loses nothing, grades nobody twice, and ends all the same.

Minutes long, so run only with ``SPEECHMARK_HOSTILE=all``.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from autograder.course.assignment import Course
from autograder.course.compose import solved
from autograder.course.results import SubmissionResult
from autograder.isolation.linux.namespaces import prctl
from autograder.store.ledger import Ledger
from tests.conftest import copy_course
from tests.hostile.arena import PR_SET_CHILD_SUBREAPER, descendants, train_briefly
from tests.hostile.corpus import ALL
from tests.hostile.promises import needs

pytestmark = [needs(3), pytest.mark.skipif(not ALL, reason="SPEECHMARK_HOSTILE is not 'all'")]

STUDENTS, SEED = 8, 0
MOMENTS = [*["start", "grading"] * 6, *["start", "pass"] * 4]
KILLS = len(MOMENTS)
COMMAND = [
    str(Path(sys.executable).parent / "speechmark"),
    *("grade", "contrastive", "--corpus", "synthetic", "--jobs", "2", "--json"),
]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A class whose notebooks all differ, and a training run of two steps."""
    root = copy_course(tmp_path / "course")
    assignment = Course(root).assignment("contrastive")
    train_briefly(assignment, "synthetic", {"bars": {"few": 0.01}, "short_bars": {}})
    for number in range(STUDENTS):
        fade = f"# {number}\n{assignment.reference_cells['fade']}"
        if number % 2:
            fade = f"def fade(wave, max_fraction=0.5, generator=None):\n    return wave + {number}"
        folder = root / "submitted" / f"student_{number:02d}" / "contrastive"
        folder.mkdir(parents=True)
        (folder / "contrastive.ipynb").write_bytes(solved(assignment, {"fade": fade}))
    return root


class Watch:
    """Looks at a course after every kill: what is stored is whole, and stays as it is."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._results = root / ".speechmark" / "results" / "contrastive"
        self._seen: dict[Path, tuple[int, int]] = {}

    def stored(self) -> int:
        return len(list(self._results.glob("*.json")))

    def passes(self) -> int:
        """How many passes into nbgrader have begun and not ended."""
        return len(list((self._root / ".speechmark").glob("nbgrader-*")))

    def wait_for(self, moment: str, run: subprocess.Popen[bytes], chance: random.Random) -> None:
        """Wait until ``run`` is in the middle of what is to be interrupted, or has ended."""
        if moment == "start":
            time.sleep(chance.uniform(0, 12))
            return
        stored, passes = self.stored() + chance.randint(1, 2), self.passes()
        while run.poll() is None:
            if self.passes() > passes or (moment == "grading" and self.stored() >= stored):
                break
            time.sleep(0.05)
        time.sleep(chance.uniform(0, 1))

    def check(self) -> None:
        for path in self._results.glob("*.json"):
            assert SubmissionResult.model_validate_json(path.read_bytes()).graded
            status = path.stat()
            mark = (status.st_ino, status.st_mtime_ns)
            assert self._seen.setdefault(path, mark) == mark, "graded twice"
        if (self._root / "gradebook.db").exists():
            with sqlite3.connect(self._root / "gradebook.db") as book:
                assert book.execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_run_that_is_killed_twenty_times_ends_as_if_it_had_not_been(course: Path) -> None:
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    chance, watch = random.Random(SEED), Watch(course)
    kills: list[tuple[str, int]] = []
    try:
        for moment in [*MOMENTS, *["start"] * KILLS]:
            run = subprocess.Popen(
                COMMAND, cwd=course, start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            watch.wait_for(moment, run, chance)
            alone = chance.random() < 0.5
            if run.poll() is None:
                (os.kill if alone else os.killpg)(run.pid, signal.SIGKILL)
                kills.append((moment, watch.stored()))
                print("killed:", *kills[-1], "results", flush=True)
            run.wait()
            _all_gone()
            watch.check()
            if len(kills) == KILLS:
                break
        done = subprocess.run(COMMAND, cwd=course, capture_output=True, text=True, check=False)
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, 0)
    assert done.returncode == 0, done.stderr
    assert len(kills) == KILLS
    watch.check()
    assert watch.stored() == STUDENTS
    results = {r["name"]: r for r in json.loads(done.stdout)["submissions"]}
    assert len(results) == STUDENTS
    assert scores(course) == {name: result["score"] for name, result in results.items()}
    entries = Ledger.of(Course(course).assignment("contrastive")).entries()
    entered = Counter(change["name"] for entry in entries for change in entry["changes"])
    assert entered == dict.fromkeys(results, 1)


def _all_gone() -> None:
    end = time.monotonic() + 20
    while left := descendants():
        assert time.monotonic() < end, left
        time.sleep(0.05)


def scores(course: Path) -> dict[str, float]:
    """Student to automatic points, as the gradebook has them."""
    query = """
        select submitted_assignment.student_id, sum(grade.auto_score) from grade
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        group by submitted_assignment.student_id
    """
    with sqlite3.connect(course / "gradebook.db") as book:
        rows: list[Any] = book.execute(query).fetchall()
    return {student: round(points, 2) for student, points in rows}
