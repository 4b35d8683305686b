"""A TA's way through formgrader, in a real browser: lists, lightning, rubric, feedback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.authoring.releasing.building import make_source
from autograder.course.assignment import Assignment, Course
from autograder.course.results import SubmissionResult
from autograder.nbgrader.course import autograde
from autograder.nbgrader.marks import read_marks
from autograder.store.results import Store
from tests.browser import browser, sideways, tab  # noqa: F401
from tests.nbgrader.formgrader.test_evidence import RUBRIC

STUDENTS = "id,first_name,last_name\nada,Ada,Byron\nzed,Zoë,Edd\n"


@pytest.fixture
def graded(
    released: Path, tmp_path: Path, result: Callable[..., SubmissionResult]
) -> tuple[Assignment, Callable[..., SubmissionResult]]:
    """A course in which ada's work is graded and zed's waits."""
    shutil.copytree(released, tmp_path / "course")
    assignment = Course(tmp_path / "course").assignment("mini")
    shutil.rmtree(assignment.course.root / "source")
    settings = assignment.folder / "assignment.toml"
    settings.write_text(settings.read_text() + RUBRIC)
    (assignment.course.root / "students.csv").write_text(STUDENTS, encoding="utf-8")
    return assignment, result


@pytest.fixture
def course(graded, submit_to) -> Assignment:
    assignment, result = graded
    (assignment.course.root / "stored").mkdir()
    made = {}
    for name in ("ada", "zed"):
        submit_to(assignment, name)
        made[name] = result(name, double=1.0).model_copy(update={"key": f"key of {name}"})
        Store(assignment).save(made[name], name)
        stored = assignment.course.root / "stored" / f"{name}.json"
        stored.write_text(made[name].model_dump_json())
    autograde(assignment, [made["ada"]])
    make_source(assignment)
    return assignment


@pytest.fixture
def server(course: Assignment, browser) -> Iterator[str]:  # noqa: F811
    """The address of Jupyter, started in the course's folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = course.course.root.parent
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", f"--port={port}"]
    command += ["--ServerApp.token=", "--ServerApp.password=", "--allow-root", "--port-retries=0"]
    environment = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config")}
    log = (home / "jupyter.log").open("w")
    process = subprocess.Popen(
        command, cwd=course.course.root, env=environment, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=2)
                break
            except OSError:
                assert process.poll() is None, (home / "jupyter.log").read_text()
                time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        log.close()


def succeeded(tab) -> None:  # noqa: F811
    """Wait for formgrader's word of success, and put it away."""
    tab.get_by_text("Success", exact=True).first.wait_for(timeout=60_000)
    tab.locator(".modal.in button.close, .modal.in button[data-dismiss]").first.click()
    tab.locator(".modal.in").wait_for(state="detached")


def test_a_ta_s_day_in_formgrader(course: Assignment, server: str, tab) -> None:  # noqa: F811
    tab.set_default_timeout(60_000)

    # The list of assignments is there without any command but grade, and misses no exchange.
    tab.goto(f"{server}/formgrader/manage_assignments")
    row = tab.locator("tr", has=tab.get_by_text("mini", exact=True))
    row.wait_for()
    assert tab.locator(".alert-warning").count() == 0
    row.locator("td.num-submissions a").click()

    # The lightning button grades who waits.
    zed = tab.locator("tr", has=tab.get_by_text("Edd, Zoë"))
    zed.wait_for()
    zed.locator("td.autograde a").click()
    succeeded(tab)
    assert read_marks(course)["zed"].so_far == 4

    # The written answer is a click away, and the rubric fills in score and comment.
    tab.goto(f"{server}/formgrader/gradebook/mini/mini")
    tab.get_by_role("link", name="Submission #1").click()
    tab.wait_for_function(
        "window.formgrader && formgrader.grades?.loaded && formgrader.comments?.loaded"
    )
    tab.wait_for_function("!$(':animated').length")  # formgrader goes to the first score
    assert tab.locator("#discussion").bounding_box()["y"] > 900
    tab.locator("nav.speechmark-jump a").click()
    panel = tab.locator("#speechmark-discussion")
    assert 0 <= panel.bounding_box()["y"] < 450
    panel.locator("summary").click()
    assert "A model answer about numbers." in panel.inner_text()
    where, reason = panel.locator("tr").all()
    with tab.expect_response(lambda told: "/api/grade/" in told.url and told.ok):
        where.locator("button").nth(1).click()
    with tab.expect_response(lambda told: "/api/comment/" in told.url and told.ok):
        reason.locator("button").nth(0).click()
    tab.wait_for_function("document.getElementById('discussion').value === '2.5'")
    tab.wait_for_load_state("networkidle")
    marks = [held for held in read_marks(course).values() if not held.waiting]
    assert [held.parts["discussion"].points for held in marks] == [2.5]
    assert marks[0].parts["discussion"].comment == "Say where <numbers> are."
    # Formgrader asks the network for MathJax, and goes on without.
    assert [said for said in tab.heard.errors if "Failed to load resource" not in said] == []

    # Feedback is made and packed with formgrader's own buttons, and holds all of that.
    tab.goto(f"{server}/formgrader/manage_assignments")
    row.locator("td.generate-feedback a").click()
    succeeded(tab)
    row.locator("td.release-feedback a").click()
    succeeded(tab)
    packed = course.course.root / "export" / "mini_plain_feedback.zip"
    with zipfile.ZipFile(packed) as archive:
        assert {"ada/mini.html", "zed/mini_notebook.html"} <= set(archive.namelist())
        letters = [archive.read(f"{name}/mini.html").decode() for name in ("ada", "zed")]
    assert sum("Say where &lt;numbers&gt; are." in letter for letter in letters) == 1
    assert sum("<b>6.5</b> of 9 points" in letter for letter in letters) == 1

    tab.heard.requests.clear()
    tab.heard.errors.clear()
    for name in ("mini.html", "mini_notebook.html"):
        letter = course.course.root / "feedback" / "ada" / "mini" / name
        assert sideways(tab, letter, 1280) <= 0
        if name == "mini.html":
            assert sideways(tab, letter, 390) <= 0
    assert tab.heard.errors == []
    assert tab.heard.requests == []
