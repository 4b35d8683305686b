"""What the suites rest on: reference tensors that can be made again, hints, solutions."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import safetensors.torch
import torch

from autograder.lab.testing.runner import run_suite
from autograder.lab.testing.seeding import seed_everything
from autograder.lab.testing.student import LocalStudent

FOLDER = Path(__file__).resolve().parents[3] / "solutions" / "masked"
REFERENCE = FOLDER / "reference"
MAKERS = sorted(REFERENCE.glob("make_*.py"))
PARTS = [file.stem.removeprefix("test_") for file in sorted((FOLDER / "hidden").glob("*.py"))]
HINTS = {
    name: hint
    for file in (FOLDER / "hints").glob("*.toml")
    for name, hint in tomllib.loads(file.read_text()).items()
}


@pytest.mark.parametrize("maker", MAKERS, ids=lambda path: path.stem)
def test_reference_tensors_can_be_made_again(maker, tmp_path):
    for file in REFERENCE.glob("*.py"):
        shutil.copy(file, tmp_path)
    subprocess.run([sys.executable, maker.name], cwd=tmp_path, check=True)
    name = f"{maker.stem.removeprefix('make_')}.safetensors"
    made = safetensors.torch.load_file(tmp_path / name)
    kept = safetensors.torch.load_file(REFERENCE / name)
    assert made.keys() == kept.keys()
    for key, tensor in kept.items():
        torch.testing.assert_close(made[key], tensor, rtol=1e-6, atol=1e-9)


def tensors(part):
    file = REFERENCE / f"{part}.safetensors"
    return safetensors.torch.load_file(file) if file.is_file() else {}


def outcomes(part, names, source):
    """How the hidden suite ends for ``names`` with ``source`` laid over them."""
    exec(compile(source, "<solution>", "exec"), names)
    seed_everything(0)
    return run_suite(FOLDER / "hidden" / f"test_{part}.py", LocalStudent(names), tensors(part))


@pytest.mark.parametrize("part", PARTS)
def test_right_solutions_pass(part, solved):
    for file in (FOLDER / "right").glob(f"{part}__*.py"):
        failed = [o.name for o in outcomes(part, solved(), file.read_text()) if o.failure]
        assert not failed, (file.name, failed)


@pytest.mark.parametrize("part", PARTS)
def test_mistakes_that_tensors_know_are_told(part):
    for name in tensors(part):
        if ".mistake." in f".{name}":
            told = {f"{part}.{word}" for word in name.split(".")}
            assert told & HINTS.keys(), name


def test_every_wrong_solution_names_a_hint_of_its_part():
    for file in (FOLDER / "wrong").glob("*.py"):
        (hint,) = re.findall(r"^hint: (\S+)$", file.read_text(), re.MULTILINE)
        assert hint in HINTS, file.name
        assert hint.startswith(file.name.partition("__")[0])


def test_there_are_enough_solutions():
    count = {
        kind: Counter(f.name.partition("__")[0] for f in (FOLDER / kind).glob("*.py"))
        for kind in ("right", "wrong")
    }
    assert count["right"].keys() == count["wrong"].keys() == set(PARTS)
    assert sum(count["right"].values()) >= 70
    assert min(count["wrong"].values()) >= 12


def test_a_hint_is_a_sentence_and_a_question():
    for name, hint in HINTS.items():
        text = f"{hint['says']} {hint['asks']}"
        assert re.fullmatch(r"\S.*[.)] \S.*[?.]", text), name
        assert "?" in hint["asks"], name
