"""Do the hidden suites tell right from wrong? Every known solution, against every suite.

Each solution in ``right/`` and ``wrong/`` is laid into an otherwise solved notebook, which
is graded through the wall like any submission, without the training run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from autograder.batch.bulk import grade_all
from autograder.course.compose import Solution, read_solution, solved
from autograder.course.names import check_names
from autograder.course.results import PartResult, SubmissionResult
from autograder.course.submissions import Submission
from autograder.grading.job import Job
from autograder.support.errors import SpeechmarkError


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
    """Tests without which every wrong solution would still be caught and answered as well."""
    single_catches: dict[str, str] = field(default_factory=dict)
    """Wrong solution to the only test that catches it."""
    skipped: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """Test that was not asked to reason to the files beside which it was not."""
    matrix: dict[str, dict[str, str]] = field(default_factory=dict)
    """File to part to outcome."""

    @property
    def sound(self) -> bool:
        """No false verdict and no collateral."""
        return not (self.false_fails or self.false_passes or self.collateral)

    def merge(self, other: Audit) -> None:
        """Add what ``other`` found."""
        self.false_fails += other.false_fails
        self.false_passes += other.false_passes
        self.collateral += other.collateral
        self.wrong_hint += other.wrong_hint
        self.matrix |= other.matrix

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def solutions(folder: Path, kind: str) -> list[Solution]:
    """The solutions in ``folder/kind``, in order of their names."""
    return [read_solution(path) for path in sorted((folder / kind).glob("*.py"))]


Pack = tuple[Solution, ...]
"""Solutions to different parts in one notebook."""


class Catch(NamedTuple):
    """A test that failed for a wrong solution, and whether its hint is the one asked for."""

    test: str
    named: bool


def audit(
    job: Job,
    jobs: int,
    folder: Path | None = None,
    fast: bool = False,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Audit:
    """Run every solution under ``folder`` against every suite of the job's assignment.

    Args:
        job: what to grade and how, without training.
        jobs: number of processes; 0 for as many as fit.
        folder: holds ``right/`` and ``wrong/``; default: the assignment's own.
        fast: put solutions to several parts into one notebook, and a solution into one of
            its own only when anything there is not as it should be.
        advance: told how many notebooks are done, of how many.

    Raises:
        SpeechmarkError: there is nothing to audit, or a file or a setting names what is not there.
    """
    assignment = job.assignment
    check_names(assignment)
    folder = folder or assignment.folder
    right, wrong = solutions(folder, "right"), solutions(folder, "wrong")
    order = [part.id for part in assignment.automatic]
    for solution in (*right, *wrong):
        if solution.part not in order:
            raise SpeechmarkError(f"{solution.path}: {solution.part!r} is no part.")
    if not right and not wrong:
        raise SpeechmarkError(f"{folder} holds no right/*.py and no wrong/*.py.")
    found = Audit(right=len(right), wrong=len(wrong))
    caught: dict[str, list[Catch]] = {}
    tests: dict[str, None] = {}
    packs: list[Pack] = [(solution,) for solution in (*right, *wrong)]
    if fast:
        # A mistake is looked at beside right work in half of the parts.
        packs = [*pack(right, [order]), *pack(wrong, [order[::2], order[1::2]])]
    while packs:
        doubtful: list[Pack] = []
        for those, result in _grade(job, jobs, packs, advance):
            verdict = Audit()
            hits: dict[str, list[Catch]] = {}
            _judge(those, result, verdict, hits)
            clean = verdict.sound and not verdict.wrong_hint
            if len(those) > 1 and not clean:
                doubtful += [(solution,) for solution in those]
                continue
            found.merge(verdict)
            caught |= hits
            tests |= {f"{p.id}::{t.name}": None for p in result.parts for t in p.tests}
            _list_skipped(those, result, found.skipped)
        packs = doubtful
    _weigh_tests(found, caught, list(tests))
    return found


def pack(every: Sequence[Solution], groups: Sequence[Sequence[str]]) -> list[Pack]:
    """Solutions in as few notebooks as may be, each with parts of one group, none twice."""
    packs = []
    for group in groups:
        columns = [[s for s in every if s.part == part] for part in group]
        for row in range(max(map(len, columns), default=0)):
            packs.append(tuple(column[row] for column in columns if row < len(column)))
    return packs


def _judge(
    those: Pack, result: SubmissionResult, found: Audit, caught: dict[str, list[Catch]]
) -> None:
    """Enter one notebook's verdicts into ``found`` and ``caught``."""
    parts = {part.id: part for part in result.parts}
    own = {solution.part for solution in those}
    for solution in those:
        name = f"{solution.path.parent.name}/{solution.path.name}"
        if not result.parts:
            found.false_fails.append(Finding(name, solution.part, "", "; ".join(result.notes)))
            continue
        seen = own - {solution.part}
        found.matrix[name] = {id: p.outcome for id, p in parts.items() if id not in seen}
        others = (part for part in result.parts if part.id not in own)
        found.collateral += [finding for part in others for finding in _failures(name, part)]
        part = parts[solution.part]
        failed = [test for test in part.tests if not test.held]
        if solution.path.parent.name == "right":
            found.false_fails += _failures(name, part)
            continue
        caught[name] = [
            Catch(f"{part.id}::{test.name}", test.hint_id == solution.hint) for test in failed
        ]
        if part.outcome == "grader":
            found.false_passes += _failures(name, part)
        elif not failed:
            found.false_passes.append(Finding(name, part.id, "", "every test passed"))
        elif solution.hint is not None and failed[0].hint_id != solution.hint:
            observed = f"answered by {failed[0].hint_id or failed[0].outcome}, not {solution.hint}"
            found.wrong_hint.append(Finding(name, part.id, failed[0].name, observed))


def _grade(
    job: Job,
    jobs: int,
    packs: Sequence[Pack],
    advance: Callable[[int, int], None],
) -> Iterator[tuple[Pack, SubmissionResult]]:
    """Each pack with its result, graded as a notebook that is otherwise solved."""
    with TemporaryDirectory() as scratch:
        submissions = []
        for number, those in enumerate(packs):
            path = Path(scratch) / f"{number}.ipynb"
            path.write_bytes(solved(job.assignment, {s.part: s.source for s in those}))
            submissions.append(Submission(str(number), path))
        done = grade_all(job, submissions, jobs)
        for count, (submission, result) in enumerate(done, start=1):
            yield packs[int(submission.name)], result
            advance(count, len(packs))


def _failures(name: str, part: PartResult) -> list[Finding]:
    found = [
        Finding(name, part.id, test.name, f"{test.outcome}: {test.hint_id or ''} {test.detail}")
        for test in part.tests
        if not test.held
    ]
    if not found and part.outcome == "grader":
        found.append(Finding(name, part.id, "", "grader: not one test was asked"))
    return found


def _list_skipped(
    those: Pack, result: SubmissionResult, skipped: dict[str, dict[str, list[str]]]
) -> None:
    """Enter the tests that were not asked of one notebook."""
    names = [f"{solution.path.parent.name}/{solution.path.name}" for solution in those]
    for part in result.parts:
        for test in part.tests:
            if test.outcome == "skipped":
                reasons = skipped.setdefault(f"{part.id}::{test.name}", {})
                reasons.setdefault(test.detail, []).extend(names)


def _weigh_tests(found: Audit, caught: Mapping[str, list[Catch]], tests: Sequence[str]) -> None:
    """Remove each test in turn: which solutions would slip through, or get another answer?"""
    needed = set()
    for name, catches in caught.items():
        if len(catches) == 1:
            found.single_catches[name] = catches[0].test
        if catches and (len(catches) == 1 or catches[0].named > catches[1].named):
            needed.add(catches[0].test)
    parts = {Path(name).stem.partition("__")[0] for name in caught}
    found.unneeded_tests = [
        test for test in tests if test not in needed and test.partition("::")[0] in parts
    ]
