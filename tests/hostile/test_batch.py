"""A class in which most are attackers: the honest get what they get alone.

Minutes long, so run only with ``SPEECHMARK_HOSTILE=all``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from autograder import notebooks
from autograder.authoring.releasing.building import make_source
from autograder.course.assignment import Assignment
from autograder.course.compose import read_solution, solved
from autograder.course.results import SubmissionResult
from autograder.grading.grader import Grader
from autograder.grading.job import Job
from tests.hostile.arena import Arena, arena
from tests.hostile.corpus import ALL, Case, cases
from tests.hostile.promises import needs

pytestmark = [needs(3), pytest.mark.skipif(not ALL, reason="SPEECHMARK_HOSTILE is not 'all'")]

HONEST, WORKS = 40, 24
"""So many honest works are told apart by more than their students' names."""


@pytest.fixture(scope="module")
def place() -> Iterator[Arena]:
    """A course with a class of two hundred."""
    with arena(3) as made:
        works = honest(made.assignment)
        for number in range(HONEST):
            student = f"honest_{number:02d}"
            hand_in(made, student, signed(works[number % WORKS], student))
        for case in hostile():
            hand_in(made, f"cell_{case.name}", made.hostile(case))
        for case in cases("files"):
            made.hand_in(case, f"file_{case.name}")
        yield made


def hostile() -> list[Case]:
    """All attacks by code but those that only take minutes, and those that do as well alone."""
    return [
        case
        for case in cases("code")
        if not {"control", "slow"} & case.keys.keys() and "deadlines" not in case.layers
    ]


def honest(assignment: Assignment) -> list[bytes]:
    """Right solutions of all styles, and in every third work one mistake."""
    right = {
        part.id: cycle(sorted((assignment.folder / "right").glob(f"{part.id}__*.py")))
        for part in assignment.automatic
    }
    wrong = spread(sorted((assignment.folder / "wrong").glob("*.py")), WORKS // 3)
    works = []
    for number in range(WORKS):
        chosen = {part: read_solution(next(files)) for part, files in right.items()}
        if number % 3 == 0:
            mistake = read_solution(wrong[number // 3])
            chosen[mistake.part] = mistake
        works.append(solved(assignment, {part: s.source for part, s in chosen.items()}))
    return works


def signed(content: bytes, student: str) -> bytes:
    """A work with the student's name in it, so that it is nobody else's."""
    submission = json.loads(content)
    mine = {"cell_type": "code", "id": "name", "metadata": {}, "source": f"# {student}"}
    submission["cells"].append(mine)
    return json.dumps(submission).encode()


def spread(found: list[Any], count: int) -> list[Any]:
    """So many of ``found``, from its beginning to its end."""
    return list(islice(found, 0, None, len(found) // count))[:count]


def hand_in(place: Arena, student: str, content: bytes) -> None:
    folder = place.root / "submitted" / student / "contrastive"
    folder.mkdir(parents=True)
    (folder / "contrastive.ipynb").write_bytes(content)


def verdict(result: SubmissionResult) -> Any:
    """All that a student would see of a result."""
    return [
        (part.id, part.score, part.outcome, [(t.name, t.outcome, t.hint_id) for t in part.tests])
        for part in result.parts
    ]


def test_the_honest_get_exactly_what_they_get_alone(place: Arena) -> None:
    # With the time that the batch allows: the arena's own is short, and Python loops take theirs.
    with Grader(Job(place.assignment, place.level, train=False)) as grader:
        alone = [
            verdict(grader.grade("alone", notebooks.rebuild(notebooks.read(work), place.release)))
            for work in honest(place.assignment)
        ]
    due = {f"honest_{number:02d}": alone[number % WORKS] for number in range(HONEST)}
    make_source(place.assignment)  # which grading would make
    place.watch()
    speechmark = Path(sys.executable).parent / "speechmark"
    done = subprocess.run(
        [speechmark, "grade", "contrastive", "--no-train", "--jobs", "2", "--json"],
        cwd=place.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr  # some could not be graded
    records = json.loads(done.stdout)["submissions"]
    together = {record["name"]: SubmissionResult.model_validate(record) for record in records}
    assert together.keys() >= {*due, *(f"cell_{case.name}" for case in hostile())}
    assert {student: verdict(together[student]) for student in due} == due
    assert all(together[student].graded for student in due)
    assert set(place.changes()) <= {str(place.root / "gradebook.db")}
    assert place.token not in done.stdout
