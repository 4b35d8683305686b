"""What the suites rest on: reference tensors that can be made again, and hints that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import safetensors.torch
import torch

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "solutions" / "contrastive" / "reference"
MAKERS = sorted(REFERENCE.glob("make_*.py"))


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
        # Another C library may round a sine or a logarithm in another way.
        torch.testing.assert_close(made[key], tensor, rtol=1e-6, atol=1e-9)


def test_every_reference_has_a_maker():
    made = {f"{maker.stem.removeprefix('make_')}.safetensors" for maker in MAKERS}
    assert made == {file.name for file in REFERENCE.glob("*.safetensors")}


def test_every_hint_that_a_suite_names_is_in_the_catalogue(contrastive):
    for part in contrastive.automatic:
        source = contrastive.hidden_suite(part.id).read_text()
        named = set(re.findall(rf'"({part.id}\.[a-z_0-9]+)"', source))
        assert named
        assert named <= contrastive.hints.keys()


def test_every_hint_of_a_wrong_solution_is_in_the_catalogue(contrastive):
    for file in (contrastive.folder / "wrong").glob("*.py"):
        (hint,) = re.findall(r"^hint: (\S+)$", file.read_text(), re.MULTILINE)
        assert hint in contrastive.hints, file.name
        assert hint.startswith(file.name.partition("__")[0])


def test_a_hint_is_a_sentence_and_a_question(contrastive):
    for name, text in contrastive.hints.items():
        assert re.fullmatch(r"\S.*[.)] \S.*[?.]", text), name
        assert "?" in text, name
