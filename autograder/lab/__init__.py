"""What notebooks import: pretraining, probes, plots and the public checks.

The grader trains and examines with the same code. Names load when they are first used, so
that importing one module of the lab does not import them all.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.lab import plots
    from autograder.lab.pretraining import Pretrained, Recipe, embed, pretrain
    from autograder.lab.probing import knn_probe, linear_probe, pooled_log_mel
    from autograder.lab.testing.checking import check

_HOME = {
    "check": "testing.checking",
    "Pretrained": "pretraining",
    "Recipe": "pretraining",
    "embed": "pretraining",
    "pretrain": "pretraining",
    "knn_probe": "probing",
    "linear_probe": "probing",
    "pooled_log_mel": "probing",
}

__all__ = [
    "Pretrained",
    "Recipe",
    "check",
    "embed",
    "knn_probe",
    "linear_probe",
    "plots",
    "pooled_log_mel",
    "pretrain",
]


def __getattr__(name: str) -> Any:
    if name == "plots":
        return importlib.import_module("autograder.lab.plots")
    if name in _HOME:
        return getattr(importlib.import_module(f"autograder.lab.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
