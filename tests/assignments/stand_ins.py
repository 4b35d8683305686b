"""Notebooks in which one and the same function stands for all that a part asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from autograder import notebooks
from autograder.course.assignment import Assignment, Course
from autograder.course.results import PartResult
from autograder.course.settings import Part
from autograder.grading.suites import part_result, record, reference_tensors
from autograder.lab.testing.runner import TestOutcome, run_suite
from autograder.lab.testing.student import LocalStudent

COURSE = Course.find(Path(__file__).resolve().parents[2])
PARTS = [(assignment, part) for assignment in COURSE.assignments() for part in assignment.automatic]
NAMES = [f"{assignment.name}-{part.id}" for assignment, part in PARTS]

Answer = Callable[..., Any]


def first_tensor(args: tuple[Any, ...]) -> Tensor | None:
    """The first tensor among arguments, lists of them included."""
    flat = [x for a in args for x in (a if isinstance(a, list | tuple) else [a])]
    return next((x for x in flat if isinstance(x, Tensor)), None)


@cache
def locked(assignment: Assignment) -> dict[str, Any]:
    """What the locked cells of a notebook leave behind."""
    release = notebooks.read(assignment.release_notebook)
    found: dict[str, Any] = {}
    for cell in notebooks.rebuild(release, release).cells:
        if cell.kind == "setup":
            exec(compile(cell.source, f"<cell {cell.id}>", "exec", dont_inherit=True), found)
    return found


def module(answer: Answer, dim: object = 64) -> type[nn.Module]:
    """A class of modules whose every method answers so."""

    class Network(nn.Module):
        def __init__(self, *args: Any, **_: Any) -> None:
            super().__init__()
            self.dim = dim
            self.scale = nn.Parameter(Tensor([1.0, 1.0, 1.0]))
            self.given = nn.ModuleList([arg for arg in args if isinstance(arg, nn.Module)])

        def forward(self, *args: Any) -> Any:
            return answer(*args)

        project = after_step = forward

    return Network


def asked(
    assignment: Assignment, part: Part, answer: Answer, network: type[nn.Module] | None = None
) -> list[TestOutcome]:
    """What the hidden suite of a part says of ``answer`` in place of its every name.

    Args:
        assignment: whose suite and locked cells.
        part: of it.
        answer: stands for functions.
        network: stands for classes; default: one whose methods are ``answer``.
    """
    network = network or module(answer)
    names = {name: network if name[0].isupper() else answer for name in part.names}
    student = LocalStudent({**locked(assignment), **names})
    reference = reference_tensors(assignment.reference_file(part.id))
    return run_suite(assignment.hidden_suite(part.id), student, reference)


def marked(assignment: Assignment, part: Part, outcomes: list[TestOutcome]) -> PartResult:
    """The points of a part."""
    return part_result(
        part,
        [
            record(
                o.name,
                o.demand,
                o.failure,
                assignment.hints,
                {},
                weight=o.weight,
                essential=o.essential,
                skipped=o.skipped,
            )
            for o in outcomes
        ],
    )
