"""The hidden suites as a notebook's own tests: what stock nbgrader is given to run.

The same tests, tolerances, weights and training run as Speechmark's, called in the graded
cells of the student's own kernel, where any course would have them without a wall.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from autograder.course.assignment import Assignment, Course
from autograder.grading.diagnosis import make_until_all_reached, planned
from autograder.grading.exam import Exam, prepare
from autograder.grading.tiers import reached
from autograder.grading.training import Trial
from autograder.lab.testing.runner import run_suite
from autograder.lab.testing.student import LocalStudent
from tests.benchmarks.training.unwalled import starting

torch.set_num_threads(1)


def score(solutions: str, part: str, points: float, namespace: Mapping[str, Any]) -> float:
    """Points of ``part``, as the value of the graded cell, from which nbgrader reads them."""
    folder = Path(solutions)
    file = folder / "reference" / f"{part}.safetensors"
    reference = safetensors.torch.load_file(file) if file.is_file() else {}
    student = LocalStudent(dict(namespace))
    outcomes = run_suite(folder / "hidden" / f"test_{part}.py", student, reference)
    asked = [outcome for outcome in outcomes if not outcome.skipped]
    if any(o.essential and o.failure is not None for o in asked):
        return 0.0
    weight = sum(outcome.weight for outcome in asked)
    passed = sum(outcome.weight for outcome in asked if outcome.failure is None)
    return round(points * passed / weight, 2) if weight else points


def train(
    solutions: str, part: str, points: float, corpus: str, namespace: Mapping[str, Any]
) -> float:
    """As :func:`score` for the part whose points the tiers of the training run share."""
    if score(solutions, part, points, namespace) < points:
        return 0.0
    assignment, exam = _examination(solutions, corpus)
    settings = assignment.training
    made = make_until_all_reached(
        planned(Trial(assignment, exam, "cpu", settings.seed)),
        starting(assignment.training_source, namespace),
    )
    there = reached([run.training for run in made], settings)
    weights = {tier.name: tier.weight for tier in settings.tier}
    share = sum(weights[name] for name in there) / sum(weights.values())
    return round(points * share, 2)


@cache
def _examination(solutions: str, corpus: str) -> tuple[Assignment, Exam]:
    folder = Path(solutions)
    assignment = Course(folder.parents[1]).assignment(folder.name)
    return assignment, prepare(assignment, corpus)
