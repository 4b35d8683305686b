"""What every assignment's suites rest on: tensors that can be made again, hints that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import safetensors.torch
import torch

from autograder.course.assignment import Assignment, Course
from tests.conftest import ROOT

ASSIGNMENTS = Course(ROOT).assignments()
MAKERS = [
    pytest.param(maker, id=f"{assignment.name}-{maker.stem}")
    for assignment in ASSIGNMENTS
    for maker in sorted(assignment.folder.glob("reference/make_*.py"))
]

of_each = pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda each: each.name)


def hints(assignment: Assignment) -> dict[str, dict[str, str]]:
    """The hint catalogue, each hint in its two sentences."""
    files = sorted(assignment.folder.glob("hints/*.toml"))
    return {id: hint for file in files for id, hint in tomllib.loads(file.read_text()).items()}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the oracles and makers of each assignment, without what they made."""
    folder = tmp_path_factory.mktemp("reference")
    for assignment in ASSIGNMENTS:
        (folder / assignment.name).mkdir()
        for file in assignment.folder.glob("reference/*.py"):
            shutil.copy(file, folder / assignment.name)
    return folder


@pytest.mark.parametrize("maker", MAKERS)
def test_reference_tensors_can_be_made_again(maker: Path, workshop: Path) -> None:
    folder = workshop / maker.parents[1].name
    subprocess.run([sys.executable, maker.name], cwd=folder, check=True)
    name = f"{maker.stem.removeprefix('make_')}.safetensors"
    made = safetensors.torch.load_file(folder / name)
    kept = safetensors.torch.load_file(maker.with_name(name))
    assert made.keys() == kept.keys()
    for key, tensor in kept.items():
        # Another C library may round a sine or a logarithm in another way.
        torch.testing.assert_close(made[key], tensor, rtol=1e-6, atol=1e-9)


@of_each
def test_every_reference_has_a_maker(assignment: Assignment) -> None:
    made = {f.stem.removeprefix("make_") for f in assignment.folder.glob("reference/make_*.py")}
    assert made >= {file.stem for file in assignment.folder.glob("reference/*.safetensors")}


@of_each
def test_every_mistake_that_tensors_know_has_a_hint(assignment: Assignment) -> None:
    known = hints(assignment)
    for file in assignment.folder.glob("reference/*.safetensors"):
        for name in safetensors.torch.load_file(file):
            if ".mistake." in f".{name}":
                assert {f"{file.stem}.{word}" for word in name.split(".")} & known.keys(), name


@of_each
def test_every_hint_that_a_suite_names_is_in_the_catalogue(assignment: Assignment) -> None:
    known = hints(assignment)
    for part in assignment.automatic:
        source = assignment.hidden_suite(part.id).read_text()
        named = set(re.findall(rf'"({part.id}\.[a-z_0-9]+)"', source))
        assert named - {f"{part.id}.{name}" for name in part.names} <= known.keys()


@of_each
def test_every_wrong_solution_names_a_hint_of_its_part_and_a_weak_one_may(
    assignment: Assignment,
) -> None:
    known = hints(assignment)
    for file in [*assignment.folder.glob("wrong/*.py"), *assignment.folder.glob("weak/*.py")]:
        named = re.findall(r"^hint: (\S+)$", file.read_text(), re.MULTILINE)
        assert len(named) == 1 or (file.parent.name, named) == ("weak", []), file.name
        part = file.name.partition("__")[0]
        assert all(hint in known and hint.startswith(f"{part}.") for hint in named), file.name


@of_each
def test_a_hint_is_a_sentence_and_a_question(assignment: Assignment) -> None:
    for name, hint in hints(assignment).items():
        text = f"{hint['says']} {hint['asks']}"
        assert re.fullmatch(r"\S.*[.)] \S.*[?.]", text), name
        assert "?" in hint["asks"], name
