"""The command line: what a mistake of its user comes to."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder import cli
from autograder.authoring.audit import Audit, Finding
from autograder.authoring.new import new
from autograder.commands import releasing
from autograder.commands.app import chosen
from autograder.course.assignment import Course
from tests.conftest import ROOT
from tests.toys import empty_course


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty course, which one works in."""
    for name in ("solutions", "assignments", "nbgrader_config.py"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    """Exit status, standard error and output of ``speechmark WORDS``."""
    monkeypatch.setattr(sys, "argv", ["speechmark", *words.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.err, printed.out


def said(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Exit status and standard error of ``speechmark WORDS``."""
    return told(words, monkeypatch, capsys)[:2]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("status nosuch", "There is: contrastive, masked, non_contrastive."),
        ("status contrastive", "submitted/<student>/contrastive/contrastive.ipynb"),
        ("grade contrastive missing.ipynb", "missing.ipynb is not a file"),
        ("grade contrastive missing.ipynb --jobs auto", "missing.ipynb is not a file"),
        ("grade contrastive --level 7", "not in the range"),
        ("grade contrastive --jobs many", "'many' is neither a number nor auto"),
        ("grade contrastive --jobs -1", "'-1' is neither a number nor auto"),
        ("grade contrastive --device tpu", "'auto', 'cpu', 'cuda'"),
        ("check missing.ipynb", "missing.ipynb"),
        ("check empty.ipynb", "empty"),
        ("similar contrastive --page file/page.html", "Cannot write file/page.html"),
        ("mark contrastive", "No such command 'mark'"),
    ],
)
def test_a_mistake_is_one_message_and_status_2(course, monkeypatch, capsys, words, answer) -> None:
    (course / "empty.ipynb").touch()
    (course / "file").touch()
    if words.startswith("similar"):
        folder = course / "submitted" / "ada" / "contrastive"
        folder.mkdir(parents=True)
        release = ROOT / "assignments" / "contrastive" / "contrastive.ipynb"
        (folder / "contrastive.ipynb").write_bytes(release.read_bytes())
    status, answered = said(words, monkeypatch, capsys)
    assert status == 2
    assert answer in answered
    assert "Traceback" not in answered


def test_what_the_machine_refuses_is_one_message_too(course, monkeypatch, capsys) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(course / "results"))

    monkeypatch.setattr("autograder.doctor.examine", full)
    status, answered = said("doctor --brief", monkeypatch, capsys)
    assert status == 2
    assert answered.strip() == f"speechmark: {course / 'results'}: No space left on device"


def test_outside_a_course_one_is_told_where_to_go(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SPEECHMARK_COURSE", raising=False)
    status, answered = said("grade contrastive", monkeypatch, capsys)
    assert status == 2
    assert "SPEECHMARK_COURSE" in answered


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course of three assignments, which one works in."""
    course = empty_course(tmp_path / "several")
    for name in ("owls", "bats", "moths"):
        new(course, name)
    monkeypatch.chdir(course.root)
    return course


def handed_in(course: Course, *names: str) -> None:
    """Release assignments without a cell, and hand them in."""
    empty = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    for name in names:
        for folder in ("assignments", "submitted/ada"):
            place = course.root / folder / name
            place.mkdir(parents=True)
            (place / f"{name}.ipynb").write_text(empty)


@pytest.mark.parametrize(
    ("words", "chosen"),
    [("", ["bats", "moths", "owls"]), ("owls", ["owls"]), ("owls bats", ["owls", "bats"])],
)
def test_without_a_name_every_assignment_is_released(several, monkeypatch, capsys, words, chosen):
    released: list[str] = []
    monkeypatch.setattr(
        releasing, "release_one", lambda which, level, note: released.append(which.name)
    )
    assert said(f"release {words}", monkeypatch, capsys) == (0, "")
    assert released == chosen


@pytest.mark.parametrize("unsound", ["", "bats"])
def test_without_a_name_every_assignment_is_audited_whatever_becomes_of_one(
    several, monkeypatch, capsys, unsound
):
    def audit(job, *_: object) -> Audit:
        wrong = [Finding("right/x__y.py", "x", "test_it", "wrong")]
        return Audit(right=1, false_fails=wrong if job.assignment.name == unsound else [])

    monkeypatch.setattr("autograder.authoring.audit.audit", audit)
    monkeypatch.setattr("autograder.batch.session.prepared", lambda job: job)
    status, _, printed = told("audit --json", monkeypatch, capsys)
    assert status == (1 if unsound else 0)
    found = json.loads(printed)
    assert list(found) == ["bats", "moths", "owls"]
    assert [name for name, audited in found.items() if audited["false_fails"]] == (
        [unsound] if unsound else []
    )


@pytest.mark.parametrize(
    ("submitted", "words", "shown"),
    [
        ([], "", ["bats", "moths", "owls"]),
        (["owls", "bats"], "", ["bats", "owls"]),
        (["owls"], "moths bats", ["moths", "bats"]),
    ],
)
def test_without_a_name_what_was_handed_in_is_chosen(several, submitted, words, shown):
    handed_in(several, *submitted)
    found = chosen(words.split() or None, with_submissions=True)
    assert [assignment.name for assignment in found] == shown


def test_the_status_of_one_is_its_own_and_that_of_several_has_their_names(
    several, monkeypatch, capsys
):
    handed_in(several, "owls")
    one = json.loads(told("status --json", monkeypatch, capsys)[2])
    assert one == json.loads(told("status owls --json", monkeypatch, capsys)[2])
    handed_in(several, "bats")
    both = json.loads(told("status --json", monkeypatch, capsys)[2])
    assert list(both) == ["bats", "owls"]
    assert both["owls"] == one


def test_a_course_without_an_assignment_is_told_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(empty_course(tmp_path / "empty").root)
    status, answer = said("audit", monkeypatch, capsys)
    assert status == 2
    assert "holds no assignment" in answer


def grading_brings() -> list[str]:
    """Modules that the base install lacks, by their import names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = lambda wanted: {re.split(r"\W", w)[0] for w in wanted}  # noqa: E731
    extra = names(project["optional-dependencies"]["grading"]) - names(project["dependencies"])
    return sorted(extra - {"scipy"} | {"rich", "pydantic"})  # scikit-learn brings scipy


def alone(words: str, *, cwd: Path) -> subprocess.CompletedProcess[str]:
    """``speechmark WORDS`` where nothing is installed that only grading needs."""
    script = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({grading_brings()}))\n"
        f"sys.argv = ['speechmark', *{words.split()}]\n"
        "from autograder.cli import main\n"
        "main()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_check_needs_nothing_that_only_grading_installs(tmp_path) -> None:
    notebook = ROOT / "assignments" / "contrastive" / "contrastive.ipynb"
    found = alone(f"check {notebook} --part fade --part info_nce", cwd=tmp_path)
    assert (found.returncode, found.stderr) == (1, "")
    lines = found.stdout.splitlines()
    assert any("fade: " in line for line in lines)
    assert any("info_nce: " in line for line in lines)
    assert not any("encoder: " in line for line in lines)


@pytest.mark.parametrize("words", ["grade owls", "doctor", "status"])
def test_what_is_for_graders_says_what_to_install(tmp_path, words) -> None:
    found = alone(words, cwd=tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith(f"speechmark: the command {words.split()[0]} needs ")
    assert found.stderr.endswith('pip install "speechmark[grading]"\n')


@pytest.mark.parametrize("words", ["", "--help"])
def test_the_help_for_students_needs_nothing_either(tmp_path, words) -> None:
    found = alone(words, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert "speechmark check NOTEBOOK" in found.stdout


def test_the_help_lists_the_students_command_with_all_others(course, monkeypatch, capsys) -> None:
    status, _, printed = told("--help", monkeypatch, capsys)
    assert status == 0
    assert all(f" {name} " in printed for name in ("check", "grade", "release", "status"))
