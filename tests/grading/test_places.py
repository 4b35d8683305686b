"""A part is judged as things stand at its graded cell, or at the end where that is better."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from autograder.course.compose import filled, solved
from autograder.course.results import SubmissionResult
from autograder.grading.grader import Grader
from tests.toys import PLAIN, grader_of, parts, toy_proof, toys

__all__ = ["toy_proof", "toys"]

WRONG = "def frame_power(wave, size=256, hop=128):\n    return wave"


@pytest.fixture(scope="module")
def plain(toys, toy_proof) -> Iterator[Grader]:
    with grader_of(toys.assignment(PLAIN), toy_proof) as grader:
        yield grader


def graded(plain: Grader, *cells: tuple[str, str], own: str | None = None) -> SubmissionResult:
    """The result of a notebook with further cells.

    Args:
        plain: the grader.
        cells: before which cell ("" for the end), and the source.
        own: what stands in the solution cell; default: the reference.
    """
    assignment = plain.assignment
    content = solved(assignment) if own is None else filled(assignment, {"energy": own})
    notebook = json.loads(content)
    for before, source in cells:
        ids = [cell["id"] for cell in notebook["cells"]]
        place = ids.index(before) if before else len(ids)
        cell = {"cell_type": "code", "id": f"own-{place}", "metadata": {}, "source": source}
        notebook["cells"].insert(place, cell)
    return plain.result("ada", json.dumps(notebook).encode())


def points(result: SubmissionResult) -> float:
    return parts(result)["energy"].score


def test_an_experiment_in_a_later_cell_does_not_take_the_place_of_the_work(plain):
    assert points(graded(plain, ("", WRONG))) == 2


def test_an_experiment_before_the_graded_cell_does(plain):
    assert points(graded(plain, ("energy", WRONG))) < 2


def test_a_helper_in_a_later_cell_is_found(plain):
    own = "def frame_power(wave, size=256, hop=128):\n    return power(wave.unfold(1, size, hop))"
    helper = "def power(frames):\n    return frames.square().mean(2)"
    assert points(graded(plain, ("", helper), own=own)) == 2
    assert points(graded(plain, own=own)) == 0


def test_a_loop_without_end_in_a_later_cell_costs_nothing(plain):
    result = graded(plain, ("", "while True:\n    pass"))
    assert points(result) == 2
    assert result.graded
    assert any("timeout" in note for note in result.notes)
