"""What the suites make of right solutions, each on its own, and how many solutions there are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import safetensors.torch

from autograder.lab.testing.runner import run_suite
from autograder.lab.testing.seeding import seed_everything
from autograder.lab.testing.student import LocalStudent

FOLDER = Path(__file__).resolve().parents[3] / "solutions" / "masked"
REFERENCE = FOLDER / "reference"
PARTS = [file.stem.removeprefix("test_") for file in sorted((FOLDER / "hidden").glob("*.py"))]


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


def test_there_are_enough_solutions():
    count = {
        kind: Counter(f.name.partition("__")[0] for f in (FOLDER / kind).glob("*.py"))
        for kind in ("right", "wrong")
    }
    assert count["right"].keys() == count["wrong"].keys() == set(PARTS)
    assert sum(count["right"].values()) >= 70
    assert min(count["wrong"].values()) >= 12
