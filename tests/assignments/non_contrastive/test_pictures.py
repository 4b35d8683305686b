"""The notebook's pictures say what they show, with the numbers that they are drawn from."""

from __future__ import annotations

import importlib.util

import pytest
import torch

from tests.conftest import ROOT

FILE = ROOT / "solutions" / "non_contrastive" / "public" / "pictures.py"


@pytest.fixture(scope="module")
def pictures():
    spec = importlib.util.spec_from_file_location("pictures", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_picture_is_described(pictures):
    eye = torch.eye(4)
    for figure, words in (
        (pictures.histories({"one": {"loss": [2.0, 1.5]}}), "one: loss ends at 1.5"),
        (pictures.targets({0.9: [0.0, 0.25]}, [0.99, 1.0]), "0.9 ends at 0.25"),
        (pictures.matrices({"views": eye + 0.5}), "views: mean size off the diagonal 0.50"),
        (pictures.spectra({"flat": torch.ones(4)}), "flat 0.25"),
        (pictures.comparison({"probe": {"log-mel": 0.5}}), "probe: log-mel 50.0%"),
    ):
        assert words in figure.alt
