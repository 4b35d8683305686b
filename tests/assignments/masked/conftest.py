"""The files of the assignment, as modules and as a solved notebook."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import jupytext
import pytest
import torch

FOLDER = Path(__file__).resolve().parents[3] / "solutions" / "masked"


def module(path: str) -> ModuleType:
    """A file of the assignment as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"masked_{Path(path).stem}", FOLDER / path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="session")
def load():
    """Loads a file of the assignment as a module, by its path there."""
    return module


@pytest.fixture(scope="session")
def solved():
    """Makes the names of the solved notebook anew."""
    return solved_names


@pytest.fixture(scope="session")
def training():
    return module("public/training.py")


@pytest.fixture(scope="session")
def measures():
    return module("measures.py")


@pytest.fixture(scope="session")
def released():
    """What the notebook imports from the folder beside it."""
    sys.path.insert(0, str(FOLDER))
    try:
        from public import families, pictures, pretrained
    finally:
        sys.path.remove(str(FOLDER))
    return SimpleNamespace(families=families, pictures=pictures, pretrained=pretrained)


def solved_names() -> dict[str, object]:
    """What the setup cell and the solved cells of the notebook define."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    for cell in jupytext.read(FOLDER / "masked.py")["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if cell["cell_type"] == "code" and (name == "setup" or name.endswith("_solution")):
            exec(compile(cell["source"], f"<cell {name}>", "exec"), namespace)
    return namespace


@pytest.fixture(scope="session")
def student():
    """The reference's names, as the run sees a student's."""
    return SimpleNamespace(**solved_names())


@pytest.fixture(scope="session")
def clips():
    """Forty clips of smooth noise, 14 to 24 tokens of speech each, then silence."""
    generator = torch.Generator().manual_seed(0)
    rough = torch.randn(40, 40, 24, generator=generator)
    mels = torch.nn.functional.interpolate(rough, 48, mode="linear")
    ends = 2 * torch.randint(14, 25, (40, 1, 1), generator=generator)
    silence = module("public/training.py")._SILENCE
    return torch.where(torch.arange(48) < ends, mels, silence)
