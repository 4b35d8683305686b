"""What the suites rest on: reference tensors that can be made again, and hints that exist."""

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

FOLDER = Path(__file__).resolve().parents[3] / "solutions" / "non_contrastive"
REFERENCE = FOLDER / "reference"
MAKERS = sorted(REFERENCE.glob("make_*.py"))
HINTS = {
    name: hint
    for file in (FOLDER / "hints").glob("*.toml")
    for name, hint in tomllib.loads(file.read_text()).items()
}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    """A copy of the oracles and makers, without what they made."""
    folder = tmp_path_factory.mktemp("reference")
    for file in REFERENCE.glob("*.py"):
        shutil.copy(file, folder)
    return folder


@pytest.mark.parametrize("maker", MAKERS, ids=lambda path: path.stem)
def test_reference_tensors_can_be_made_again(maker, workshop):
    subprocess.run([sys.executable, maker.name], cwd=workshop, check=True)
    name = f"{maker.stem.removeprefix('make_')}.safetensors"
    made = safetensors.torch.load_file(workshop / name)
    kept = safetensors.torch.load_file(REFERENCE / name)
    assert made.keys() == kept.keys()
    for key, tensor in kept.items():
        torch.testing.assert_close(made[key], tensor, rtol=1e-6, atol=1e-9)


def test_every_known_mistake_has_a_hint():
    for file in REFERENCE.glob("*.safetensors"):
        for name in safetensors.torch.load_file(file):
            if name.startswith("mistake."):
                told = {f"{file.stem}.{word}" for word in name.split(".")}
                assert told & HINTS.keys(), (file.name, name)


def test_every_hint_that_is_named_is_in_the_catalogue_and_can_be_told():
    named = {tier["hint"] for tier in _settings()["training"]["tier"]}
    for suite in (FOLDER / "hidden").glob("*.py"):
        part = suite.stem.removeprefix("test_")
        named |= set(re.findall(rf'"({part}\.[a-z_0-9]+)"', suite.read_text()))
        tensors = REFERENCE / f"{part}.safetensors"
        if tensors.is_file():
            words = {w for n in safetensors.torch.load_file(tensors) for w in n.split(".")}
            named |= {f"{part}.{word}" for word in words if f"{part}.{word}" in HINTS}
            named |= {f"{part}.{name}" for name in _functions(part)}
    assert named >= HINTS.keys()
    assert named - _open_names() <= HINTS.keys()


def test_every_wrong_or_weak_solution_names_a_hint_of_its_part():
    for file in [*(FOLDER / "wrong").glob("*.py"), *(FOLDER / "weak").glob("*.py")]:
        (hint,) = re.findall(r"^hint: (\S+)$", file.read_text(), re.MULTILINE)
        assert hint in HINTS, file.name
        assert hint.startswith(file.name.partition("__")[0])


def test_a_hint_is_a_sentence_and_a_question():
    for name, hint in HINTS.items():
        text = f"{hint['says']} {hint['asks']}"
        assert re.fullmatch(r"\S.*[.)] \S.*[?.]", text), name
        assert "?" in hint["asks"], name


def _settings():
    return tomllib.loads((FOLDER / "assignment.toml").read_text())


def _functions(part):
    return next(p["names"] for p in _settings()["part"] if p["id"] == part)


def _open_names():
    """Hints whose names are made of a function's, where that function has no hint of its own."""
    parts = {p["id"]: p.get("names", []) for p in _settings()["part"]}
    return {f"{part}.{name}" for part, names in parts.items() for name in names}
