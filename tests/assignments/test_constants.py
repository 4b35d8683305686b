"""Who answers every question alike has answered none: a constant is worth nothing."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.course.assignment import Assignment
from autograder.course.settings import Part
from tests.assignments.stand_ins import NAMES, PARTS, Answer, asked, first_tensor, marked

NUMBERS = (0.0, 1.0, -1.0, 0.5, 2.0)
OF_SHAPE: dict[str, Any] = {
    "rows": lambda x: float(len(x)),
    "share": lambda x: 1 / max(len(x), 1),
    "logarithm": lambda x: float(torch.tensor(float(max(len(x), 1))).log()),
    "logarithm_of_others": lambda x: float(torch.tensor(2.0 * len(x) + 1e-9).sub(1).log()),
    "columns": lambda x: float(x.shape[-1]),
    "zeros": torch.zeros_like,
    "ones": torch.ones_like,
    "nothing_marked": lambda x: torch.zeros(x.shape[:2], dtype=torch.bool),
    "everything_marked": lambda x: torch.ones(x.shape[:2], dtype=torch.bool),
    "first_of_each": lambda x: torch.zeros(len(x), dtype=torch.long),
    "zero_with_a_graph": lambda x: 0 * x.float().sum(),
    "one_with_a_graph": lambda x: 0 * x.float().sum() + 1,
    "itself": lambda x: x,
    "copy": lambda x: x.clone(),
    "both": lambda x: (x, x),
}


def constants() -> dict[str, Answer]:
    """Functions that look at nothing, or at shapes alone, or hand back what they were given."""

    def of(function: Any) -> Answer:
        def answer(*args: Any, **kwargs: Any) -> Any:
            given = first_tensor((*args, *kwargs.values()))
            return 0.0 if given is None or not given.ndim else function(given)

        return answer

    found: dict[str, Answer] = {name: of(function) for name, function in OF_SHAPE.items()}
    for value in (*NUMBERS, 0, 1, True, False, None):
        found[f"{value!r}"] = lambda *_, v=value, **__: v
    for value in NUMBERS:
        found[f"tensor {value}"] = lambda *_, v=value, **__: Tensor([v]).reshape(())
    return found


@pytest.mark.parametrize(("assignment", "part"), PARTS, ids=NAMES)
def test_a_constant_is_worth_nothing(assignment: Assignment, part: Part) -> None:
    worth = {
        name: marked(assignment, part, asked(assignment, part, answer)).score
        for name, answer in constants().items()
    }
    assert set(worth.values()) == {0.0}, worth
