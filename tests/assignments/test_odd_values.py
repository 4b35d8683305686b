"""Whatever a student's code returns is the student's: no value makes a suite itself fail."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from autograder.course.assignment import Assignment
from autograder.course.settings import Part
from autograder.lab.testing.failures import Wrong
from autograder.lab.testing.runner import ODD as CANNOT_BE_LOOKED_AT
from tests.assignments.stand_ins import NAMES, PARTS, Answer, asked, first_tensor, module

ODD: dict[str, Any] = {
    "none": lambda x: None,
    "text": lambda x: "loud",
    "number": lambda x: 10**400,
    "nan": lambda x: float("nan"),
    "list": lambda x: [x],
    "empty_list": lambda x: [],
    "dict": lambda x: {"loss": x},
    "zero_dimensional": lambda x: x.sum(),
    "no_columns": lambda x: x.reshape(len(x), -1)[:, :0] if x.ndim else x,
    "no_rows": lambda x: x[:0] if x.ndim else x,
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
    "layers": lambda x: [x.float().mean(1, keepdim=True).expand(x.shape)[..., :0]] * 2,
    "complex_number": lambda x: x.sum() + 1j,
    "meta_number": lambda x: torch.empty((), device="meta"),
    "infinite_number": lambda x: x.sum() * torch.inf,
    "integer_number": lambda x: torch.tensor(3),
}


def answering(odd: Any) -> Answer:
    """``odd`` of the first tensor that is given."""

    def answer(*args: Any, **kwargs: Any) -> Any:
        given = first_tensor((*args, *kwargs.values()))
        return odd(torch.ones(2, 3) if given is None else given)

    return answer


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize(("assignment", "part"), PARTS, ids=NAMES)
def test_a_suite_survives_what_is_returned(assignment: Assignment, part: Part, odd: Any) -> None:
    answer = answering(odd)
    dim: Any = 24 if isinstance(odd(torch.ones(2, 3)), Tensor) else odd(torch.ones(2, 3))
    outcomes = asked(assignment, part, answer, module(answer, dim))
    for outcome in outcomes:
        assert outcome.outcome != "grader", outcome
        if isinstance(outcome.failure, Wrong):
            hint = outcome.failure.hint
            assert hint in assignment.hints or hint == CANNOT_BE_LOOKED_AT, outcome
