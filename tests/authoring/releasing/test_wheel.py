"""The wheel that students install shows nothing that assignments keep secret."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest

from autograder.authoring.releasing.leaks import Secret, leaks
from autograder.authoring.releasing.source import source_notebook
from autograder.authoring.releasing.wheel import build_wheel
from autograder.course.assignment import Course
from autograder.support.errors import SpeechmarkError
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("dist"))


def test_it_holds_no_solution_and_no_hidden_suite(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = [Path(name) for name in opened.namelist()]
        opened.extractall(tmp_path)
    folders = {folder for name in names for folder in name.parts[:-1]}
    assert not folders & {"solutions", "hidden", "reference", "right", "wrong", "weak", "hints"}
    secrets = [
        Secret(a.name, source_notebook(a.folder / f"{a.name}.py"), a.hidden_suites)
        for a in Course(ROOT).assignments()
    ]
    shown = Counter(line.split(":")[0] for line in leaks(secrets, tmp_path))
    assert not [pair for pair in shown if "the solution" in pair]
    # A line or two by accident, such as seeding the student, and never a suite.
    assert max(shown.values(), default=0) <= 2


def test_it_holds_every_module_of_the_product(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    for package, home in (("autograder", ROOT), ("spoken_digits", ROOT / "datasets")):
        modules = {
            path.relative_to(home).as_posix()
            for path in (home / package).rglob("*.py")
            if "template" not in path.parts
        }
        assert modules <= names
    others = ("py.typed", "report/templates/class.html", "support/sentences.toml")
    assert {f"autograder/{name}" for name in others} <= names


def test_built_twice_it_is_the_same_to_the_byte(wheel: Path, tmp_path: Path) -> None:
    assert build_wheel(tmp_path).read_bytes() == wheel.read_bytes()


def test_without_the_source_one_is_told_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("autograder.authoring.releasing.wheel._SOURCE", tmp_path)
    with pytest.raises(SpeechmarkError, match="speechmark kit --wheel FILE"):
        build_wheel(tmp_path / "dist")
