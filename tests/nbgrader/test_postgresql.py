"""The same pass into a gradebook on a PostgreSQL server, a real one started for it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course.assignment import Assignment
from autograder.course.results import SubmissionResult
from autograder.nbgrader.course import Written, autograde
from autograder.support.errors import SpeechmarkError

_PROGRAMS = ("initdb", "pg_ctl", "createdb")


def _programs() -> dict[str, str]:
    """The server's programs, which distributions keep off the path."""
    folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    path = os.pathsep.join([os.environ["PATH"], *folders])
    return {name: where for name in _PROGRAMS if (where := shutil.which(name, path=path))}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Address of an empty database named ``grades``."""
    pytest.importorskip("psycopg", reason="needs speechmark[postgresql]")
    programs = _programs()
    if len(programs) < len(_PROGRAMS):
        pytest.skip("PostgreSQL is not installed")
    user: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        if os.getuid() == 0:  # the server refuses to run as root
            user = {"user": "nobody"}
            os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs[program], *arguments],
                check=True,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                **user,  # type: ignore[call-overload]
            )

        run("initdb", "-D", f"{folder}/data", "-U", "staff", "-A", "trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "-o", options, "start")
        try:
            run("createdb", "-h", folder, "-U", "staff", "grades")
            yield f"postgresql+psycopg://staff@/grades?host={folder}"
        finally:
            run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")


@pytest.fixture
def on_server(assignment: Assignment, server: str) -> Assignment:
    config = assignment.course.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.CourseDirectory.db_url = {server!r}\n")
    (assignment.course.root / "gradebook.db").unlink()
    return assignment


def test_grades_penalties_and_scores_by_hand_are_kept_on_a_server(
    on_server: Assignment,
    server: str,
    submit: Callable[..., Path],
    result: Callable[..., SubmissionResult],
) -> None:
    config = on_server.course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    submit("ada")
    (submit("late") / "timestamp.txt").write_text("2026-01-10T11:30:00+02:00")
    assert autograde(on_server, [result("ada"), result("late")]) == Written()
    with Gradebook(server, "speechmark") as book:
        book.update_or_create_assignment("mini", duedate="2026-01-10 09:29:59")
        by_hand = book.find_grade("discussion", "mini", "mini", "ada")
        by_hand.manual_score, by_hand.needs_manual_grade = 3.5, False
        book.db.commit()
    autograde(on_server, [result("ada", double=1.0), result("late", double=1.0)])
    with Gradebook(server, "speechmark") as book:
        assert book.find_submission_notebook("mini", "mini", "ada").score == 1.0 + 3.0 + 3.5
        late = book.find_submission("mini", "late")
        assert late.late_submission_penalty == late.score == 4
    assert not (on_server.course.root / "gradebook.db").exists()


def test_a_server_that_does_not_answer_is_one_clear_message(
    assignment: Assignment, submit: Callable[..., Path], result: Callable[..., SubmissionResult]
) -> None:
    pytest.importorskip("psycopg", reason="needs speechmark[postgresql]")
    config = assignment.course.root / "nbgrader_config.py"
    address = "postgresql+psycopg://staff:secret@localhost:1/grades"
    config.write_text(f"{config.read_text()}\nc.CourseDirectory.db_url = {address!r}\n")
    submit("ada")
    with pytest.raises(SpeechmarkError, match="gradebook cannot be opened") as raised:
        autograde(assignment, [result("ada")])
    assert "secret" not in str(raised.value)
