"""A course of two small assignments, made by ``speechmark new`` and released: for engine tests.

``PLAIN`` has one part and needs no speech, ``TRAINED`` has a training run of its own. Where the
run is made, :func:`sung` stands in for the corpus. Import the fixtures that a test needs::

    from tests.toys import TRAINED, toys  # noqa: F401
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
import torch

from autograder.authoring.new import TEMPLATE, new
from autograder.authoring.releasing.release import release
from autograder.course.assignment import Assignment, Course
from autograder.course.results import Environment, Outcome, PartResult, SubmissionResult
from autograder.grading.grader import Grader
from autograder.grading.job import Job
from autograder.isolation.proof.canaries import Proof, prove
from spoken_digits import Corpus, card
from tests.conftest import change

PLAIN, TRAINED = "loudness", "repair"


def sung(takes: int = 3, samples: int = 6016) -> Corpus:
    """FSDD's speakers singing: a digit is a pitch, a speaker a little higher or lower."""
    speakers = card("fsdd").speakers
    rows = [(s, d, t) for s in range(len(speakers)) for d in range(10) for t in range(takes)]
    speaker, digit, take = torch.tensor(rows).T
    pitch = 300.0 * 1.25 ** digit.double() * (1 + 0.01 * speaker)
    time = torch.arange(samples) / 8000
    waves = 0.5 * torch.sin(2 * torch.pi * pitch[:, None] * time + take[:, None])
    return Corpus(
        name="fsdd",
        waves=waves.float(),
        lengths=torch.full((len(rows),), samples),
        digits=digit,
        speaker_ids=speaker,
        speaker_names=speakers,
        takes=take,
        sample_rate=8000,
        digest="sung",
    )


@contextmanager
def singing(cache: Path) -> Iterator[None]:
    """Train on :func:`sung` in the place of FSDD; what is made of it is kept under ``cache``."""
    corpus = sung()
    with (
        patch("autograder.grading.exam.load", lambda name: corpus),
        patch.dict("os.environ", {"SPEECHMARK_CACHE": str(cache)}),
    ):
        yield


def empty_course(folder: Path) -> Course:
    """A course without an assignment."""
    (folder / "solutions").mkdir(parents=True)
    shutil.copy(TEMPLATE / "course" / "nbgrader_config.py", folder)
    return Course(folder)


def released(assignment: Assignment, proof: Proof) -> Assignment:
    """The assignment, once its solution has got every point and its stub none."""

    def grade(notebook: Path, release: Path) -> SubmissionResult:
        with grader_of(assignment, proof, release=release) as grader:
            return grader.result(notebook.stem, notebook)

    release(assignment, grade)
    return assignment


def unjudged(assignment: Assignment) -> Assignment:
    """The assignment, released without being graded: full points for the solution are made up."""

    def grade(notebook: Path, release: Path) -> SubmissionResult:
        outcome: Outcome = "missing" if notebook == release else "passed"
        found = [
            PartResult(
                id=part.id,
                score=part.points if outcome == "passed" else 0.0,
                max_score=part.points,
                outcome=outcome,
                tests=[],
            )
            for part in assignment.automatic
        ]
        return SubmissionResult(
            name=notebook.stem,
            assignment=assignment.name,
            key="0",
            score=sum(part.score for part in found),
            max_score=sum(part.max_score for part in found),
            parts=found,
            environment=Environment(
                kit="0", torch="0", python="3", device="cpu", threads=1, level=3, suites="0"
            ),
        )

    release(assignment, grade)
    return assignment


def grader_of(
    assignment: Assignment, proof: Proof, *, train: bool = True, release: Path | None = None
) -> Grader:
    """A grader behind the wall that ``proof`` is of, on FSDD or what stands in for it."""
    job = Job(assignment, proof.level, corpus="fsdd", train=train, release=release, proof=proof)
    return Grader(job)


def copied(course: Course, folder: Path) -> Course:
    """A copy of a course, to spoil."""
    for part in ("solutions", "assignments"):
        shutil.copytree(course.root / part, folder / part)
    shutil.copy(course.root / "nbgrader_config.py", folder)
    return Course(folder)


def parts(result: SubmissionResult) -> dict[str, PartResult]:
    """Part to its result."""
    return {part.id: part for part in result.parts}


@pytest.fixture(scope="session")
def toy_proof(level: int) -> Proof:
    """That the wall of this machine's strongest level holds."""
    return prove(level)


@pytest.fixture(scope="session")
def toys(tmp_path_factory: pytest.TempPathFactory, toy_proof: Proof) -> Course:
    """The course with both assignments, released."""
    course = empty_course(tmp_path_factory.mktemp("toys"))
    with singing(tmp_path_factory.mktemp("sung")):
        released(new(course, PLAIN), toy_proof)
        trained = new(course, TRAINED, training=True)
        change(trained, "assignment.toml", "steps = 300", "steps = 60")  # sung digits are easy
        released(trained, toy_proof)
    return course
