"""Do the hidden suites tell right from wrong? Every known solution, against every suite.

Each solution in ``right/`` and ``wrong/`` is laid into an otherwise solved notebook, which
is graded through the wall like any submission, without the training run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from autograder.assignment import Assignment
from autograder.bulk import Job, grade_all
from autograder.compose import Solution, read_solution, solved
from autograder.errors import SpeechmarkError
from autograder.results import PartResult, SubmissionResult
from autograder.submissions import Submission


@dataclass(frozen=True)
class Finding:
    """One false verdict: what file, which part and test, and what was observed."""

    file: str
    part: str
    test: str
    observed: str


@dataclass
class Audit:
    """What an audit found. Sound when the first three lists are empty."""

    right: int = 0
    wrong: int = 0
    false_fails: list[Finding] = field(default_factory=list)
    false_passes: list[Finding] = field(default_factory=list)
    collateral: list[Finding] = field(default_factory=list)
    wrong_hint: list[Finding] = field(default_factory=list)
    unneeded_tests: list[str] = field(default_factory=list)
    """Tests without which every wrong solution would still be caught."""
    single_catches: dict[str, str] = field(default_factory=dict)
    """Wrong solution to the only test that catches it."""
    matrix: dict[str, dict[str, str]] = field(default_factory=dict)
    """File to part to outcome."""

    @property
    def sound(self) -> bool:
        """No false verdict and no collateral."""
        return not (self.false_fails or self.false_passes or self.collateral)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def solutions(folder: Path, kind: str) -> list[Solution]:
    """The solutions in ``folder/kind``, in order of their names."""
    return [read_solution(path) for path in sorted((folder / kind).glob("*.py"))]


def audit(
    assignment: Assignment,
    job: Job,
    jobs: int,
    folder: Path | None = None,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Audit:
    """Run every solution under ``folder`` against every suite of ``assignment``.

    Args:
        assignment: whose suites.
        job: how to grade, without training.
        jobs: number of processes.
        folder: holds ``right/`` and ``wrong/``; default: the assignment's own.
        advance: told how many are done, of how many.

    Raises:
        SpeechmarkError: there is nothing to audit, or a file names no part.
    """
    folder = folder or assignment.folder
    right, wrong = solutions(folder, "right"), solutions(folder, "wrong")
    parts = {part.id for part in assignment.automatic}
    for solution in (*right, *wrong):
        if solution.part not in parts:
            raise SpeechmarkError(f"{solution.path}: {solution.part!r} is no part.")
    if not right and not wrong:
        raise SpeechmarkError(f"{folder} holds no right/*.py and no wrong/*.py.")
    results = _grade(assignment, job, jobs, [*right, *wrong], advance)
    found = Audit(right=len(right), wrong=len(wrong))
    caught: dict[str, list[str]] = {}
    for solution in (*right, *wrong):
        result = results[solution.path]
        name = f"{solution.path.parent.name}/{solution.path.name}"
        found.matrix[name] = {part.id: part.outcome for part in result.parts}
        if not result.parts:
            found.false_fails.append(Finding(name, solution.part, "", "; ".join(result.notes)))
            continue
        own = next(part for part in result.parts if part.id == solution.part)
        others = [part for part in result.parts if part.id != solution.part]
        found.collateral += [f for part in others for f in _failures(name, part)]
        if solution.path.parent.name == "right":
            found.false_fails += _failures(name, own)
            continue
        failed = [test for test in own.tests if test.outcome != "passed"]
        caught[name] = [f"{own.id}::{test.name}" for test in failed]
        if own.outcome == "grader":
            found.false_passes += _failures(name, own)
        elif not failed:
            found.false_passes.append(Finding(name, own.id, "", "every test passed"))
        elif solution.hint is not None and failed[0].hint_id != solution.hint:
            observed = f"answered by {failed[0].hint_id or failed[0].outcome}, not {solution.hint}"
            found.wrong_hint.append(Finding(name, own.id, failed[0].name, observed))
    tests = [
        f"{p.id}::{t.name}" for r in list(results.values())[:1] for p in r.parts for t in p.tests
    ]
    _weigh_tests(found, caught, tests)
    return found


def _grade(
    assignment: Assignment,
    job: Job,
    jobs: int,
    every: Sequence[Solution],
    advance: Callable[[int, int], None],
) -> dict[Path, SubmissionResult]:
    """Each solution's result, graded as a notebook that is otherwise solved."""
    with TemporaryDirectory() as scratch:
        submissions = []
        for number, solution in enumerate(every):
            path = Path(scratch) / f"{number}.ipynb"
            path.write_bytes(solved(assignment, {solution.part: solution.source}))
            submissions.append(Submission(str(number), path))
        results = {}
        for submission, result in grade_all(job, submissions, jobs):
            results[every[int(submission.name)].path] = result
            advance(len(results), len(every))
    return results


def _failures(name: str, part: PartResult) -> list[Finding]:
    return [
        Finding(name, part.id, test.name, f"{test.outcome}: {test.hint_id or ''} {test.detail}")
        for test in part.tests
        if test.outcome != "passed"
    ]


def _weigh_tests(found: Audit, caught: Mapping[str, Sequence[str]], tests: Sequence[str]) -> None:
    """Remove each test in turn: which solutions would slip through?"""
    found.single_catches = {name: by[0] for name, by in caught.items() if len(by) == 1}
    needed = Counter(found.single_catches.values())
    found.unneeded_tests = [test for test in tests if test not in needed]
