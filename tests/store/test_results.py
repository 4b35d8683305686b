"""A full disk costs nobody a grade: what cannot be kept is not graded, and nothing is half."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.batch import bulk
from autograder.course.assignment import Assignment
from autograder.course.compose import solved
from autograder.course.results import SubmissionResult
from autograder.course.submissions import Submission
from autograder.grading.grader import Grader


@pytest.fixture
def small_disk(contrastive: Assignment) -> Iterator[Path]:
    """The state folder of the course on a disk of 64 KiB that is full."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    state = contrastive.course.state
    state.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(state)]
    if subprocess.run(mount, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    disk = os.statvfs(state)
    (state / "other").write_bytes(bytes(disk.f_bavail * disk.f_frsize))
    yield state
    subprocess.run(["umount", state], check=True)


def test_on_a_full_disk_a_submission_is_not_graded_and_when_there_is_room_it_is(
    grader: Grader, small_disk: Path, tmp_path: Path
) -> None:
    path = tmp_path / "contrastive.ipynb"
    path.write_bytes(solved(grader.assignment))

    def record() -> SubmissionResult:
        return SubmissionResult.model_validate_json(
            bulk._grade(False, grader, Submission("ada", path))
        )

    without = record()
    assert not without.graded
    assert "No space left on device" in without.notes[0]
    assert not [found for found in small_disk.rglob("*.json") if found.stat().st_size == 0]
    (small_disk / "other").unlink()
    assert record().graded
    (kept,) = small_disk.glob("results/contrastive/*.json")
    assert SubmissionResult.model_validate_json(kept.read_bytes()).score == record().score
