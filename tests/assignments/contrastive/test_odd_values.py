"""Whatever a student's code returns is the student's: no value makes a suite itself fail."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from autograder.course.assignment import Course
from autograder.grading.suites import reference_tensors
from autograder.lab.testing.failures import Wrong
from autograder.lab.testing.runner import run_suite
from autograder.lab.testing.student import LocalStudent

CONTRASTIVE = Course.find(Path(__file__).resolve().parents[3]).assignment("contrastive")
ODD = {
    "none": lambda x: None,
    "text": lambda x: "loud",
    "number": lambda x: 10**400,
    "nan": lambda x: float("nan"),
    "list": lambda x: [x],
    "zero_dimensional": lambda x: x.sum(),
    "no_columns": lambda x: x.flatten(1)[:, :0],
    "no_rows": lambda x: x[:0],
    "nothing": lambda x: x.new_zeros(0),
    "complex": lambda x: x + 0j,
    "integers": lambda x: x.long(),
    "booleans": lambda x: x > 0,
    "half": lambda x: x.half(),
    "nans": lambda x: x * torch.nan,
    "infinite": lambda x: x * torch.inf,
    "enormous": lambda x: x.double() * 1e300,
    "meta": lambda x: torch.empty_like(x, device="meta"),
    "sparse": lambda x: x.to_sparse(),
    "quantised": lambda x: torch.quantize_per_tensor(x.detach().float(), 0.1, 0, torch.qint8),
    "parameter": lambda x: nn.Parameter(x.detach().float()),
    "expanded": lambda x: x.flatten()[:1].expand(x.shape),
    "complex_number": lambda x: x.sum() + 1j,
    "meta_number": lambda x: torch.empty((), device="meta"),
}


def first_tensor(args):
    return next(a for a in args if isinstance(a, Tensor))


def names(odd):
    """Every function and class that a suite of `contrastive` asks for, all of them odd."""

    def function(*args, **kwargs):
        return odd(first_tensor(args))

    class Module(nn.Module):
        def __init__(self, in_dim=40, out_dim=64):
            super().__init__()
            self.dim = odd(torch.ones(2, 3))
            self.scale = nn.Parameter(torch.ones(3))

        def forward(self, x):
            return odd(x.flatten(1) * self.scale.sum())

    return {"Encoder": Module, "ProjectionHead": Module}, function


class Anything(dict):
    """A namespace in which every other name is the same function."""

    def __init__(self, known, function):
        super().__init__(known)
        self._function = function

    def get(self, name, default=None):
        return super().get(name, self._function)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_suite_survives_what_is_returned(odd):
    for part in CONTRASTIVE.automatic:
        student = LocalStudent(Anything(*names(odd)))
        reference = reference_tensors(CONTRASTIVE.reference_file(part.id))
        outcomes = run_suite(CONTRASTIVE.hidden_suite(part.id), student, reference)
        assert any(o.failure for o in outcomes)
        for outcome in outcomes:
            assert outcome.outcome != "grader", outcome
            if isinstance(outcome.failure, Wrong):
                assert outcome.failure.hint in CONTRASTIVE.hints, outcome
