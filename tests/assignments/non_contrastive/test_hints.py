"""The catalogue of hints holds what can be told, and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import safetensors.torch

FOLDER = Path(__file__).resolve().parents[3] / "solutions" / "non_contrastive"
REFERENCE = FOLDER / "reference"
HINTS = {
    name: hint
    for file in (FOLDER / "hints").glob("*.toml")
    for name, hint in tomllib.loads(file.read_text()).items()
}


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


def _settings():
    return tomllib.loads((FOLDER / "assignment.toml").read_text())


def _functions(part):
    return next(p["names"] for p in _settings()["part"] if p["id"] == part)


def _open_names():
    """Hints whose names are made of a function's, where that function has no hint of its own."""
    parts = {p["id"]: p.get("names", []) for p in _settings()["part"]}
    return {f"{part}.{name}" for part, names in parts.items() for name in names}
