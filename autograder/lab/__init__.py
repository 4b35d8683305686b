"""What notebooks import: the training run, probes, plots and the public checks.

The grader trains and examines with the same code. Names load when they are first used, so
that importing one module of the lab does not import them all.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.lab import plots
    from autograder.lab.embedding import embed
    from autograder.lab.probing import few_label_probe, knn_probe, linear_probe, pooled_log_mel
    from autograder.lab.testing.checking import check
    from autograder.lab.training import run_training
    from autograder.lab.writing import once_written

_HOME = {
    "check": "testing.checking",
    "embed": "embedding",
    "few_label_probe": "probing",
    "knn_probe": "probing",
    "linear_probe": "probing",
    "once_written": "writing",
    "pooled_log_mel": "probing",
    "run_training": "training",
}

__all__ = [
    "check",
    "embed",
    "few_label_probe",
    "knn_probe",
    "linear_probe",
    "once_written",
    "plots",
    "pooled_log_mel",
    "run_training",
]


def __getattr__(name: str) -> Any:
    if name == "plots":
        return importlib.import_module("autograder.lab.plots")
    if name in _HOME:
        return getattr(importlib.import_module(f"autograder.lab.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
