"""One submission's result: the record everything after grading reads.

It is stored as JSON (schema: ``SubmissionResult.model_json_schema()``), is for staff, and
is what nbgrader, the report, the CSV and ``--json`` are made from. Only ``demand``,
``outcome``, ``hint`` and ``where`` of a test are ever shown to a student.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from autograder.course.assignment import Assignment
from autograder.lab.testing.outcomes import Outcome, held
from autograder.notebooks import Rebuilt
from autograder.support.plaintext import plain
from autograder.support.sentences import say


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", ser_json_inf_nan="strings")


class TestResult(Record):
    """One test of a hidden suite, or one tier of the training run."""

    name: str
    demand: str = Field(description="what must hold, as the student reads it")
    outcome: Outcome
    hint: str | None = Field(default=None, description="the sentence and question a student reads")
    hint_id: str | None = None
    where: str | None = Field(default=None, description="the student's own line, when it raised")
    weight: float = 1.0
    essential: bool = False
    detail: str = Field(default="", description="what was observed; staff only")
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        """Whether nothing went wrong: passed, or not asked."""
        return held(self.outcome)


class PartResult(Record):
    """One part: its points and the tests they come from."""

    id: str
    score: float
    max_score: float
    outcome: Outcome = Field(description="passed, or the outcome of the first test that did not")
    tests: list[TestResult]
    replaced: bool = Field(
        default=False, description="the reference stood in for it in the training run"
    )
    key: str = Field(default="", description="hash of all that this part's outcome depends on")


class Training(Record):
    """The training run, and what was measured of it on speakers it never heard."""

    corpus: str
    digest: str = Field(description="content digest of the corpus")
    length: Literal["short", "long"] = "long"
    recipe: dict[str, Any] = Field(description="the settings it was made with")
    seed: int
    measures: dict[str, float] = Field(description="each declared measure, by name")
    bars: dict[str, float] = Field(
        default={}, description="calibrated measure to what it has to exceed"
    )
    curves: dict[str, list[float]] = {}
    levels: dict[str, tuple[float, str]] = Field(
        default={}, description="what a curve is compared with, and what that level means"
    )
    signals: dict[str, float] = Field(default={}, description="label-free; the worker's word")
    points: list[list[float]] = Field(
        default=[], description="t-SNE of some clips of unheard speakers, [clips, 2]"
    )
    labels: dict[str, list[str]] = Field(
        default={}, description="kind of label to that of each point"
    )
    runs: int = Field(default=1, description="how many were made, diagnosis included")
    cpu_seconds: float = Field(default=0.0, description="of the steps, in all runs that were made")
    embedding_seconds: float = Field(
        default=0.0, description="processor time of embedding all clips before and after, likewise"
    )
    flags: list[str] = Field(default=[], description="what staff should look at")
    stand_in: dict[str, float] = Field(
        default={}, description="measures with the reference standing in, where that run counts"
    )
    cause: str | None = Field(default=None, description="what holds the run back, as a hint")

    @property
    def steps(self) -> int | None:
        """Steps of the run, where its recipe counts them."""
        steps = self.recipe.get("steps")
        return steps if isinstance(steps, int) else None


class Environment(Record):
    """Under what conditions the result was made."""

    kit: str
    torch: str
    python: str
    device: str
    threads: int
    level: int
    canaries: dict[str, bool] = Field(default={}, description="attempt: whether the wall held")
    suites: str = Field(description="hash of hidden suites, references, settings, calibration")


class SubmissionResult(Record):
    """Everything known about one graded submission."""

    schema_version: Literal[2] = 2
    name: str
    assignment: str
    key: str = Field(description="hash of student cells, suites, calibration and kit")
    score: float
    max_score: float = Field(description="automatic points; written answers are graded by hand")
    parts: list[PartResult]
    training: Training | None = None
    repairs: list[str] = Field(default=[], description="what was put right in the notebook")
    release: int | None = Field(
        default=None, description="the older release it was made on; none: the current one"
    )
    outdated: list[str] = Field(
        default=[], description="parts of which something else has been asked since that release"
    )
    notes: list[str] = Field(default=[], description="what else staff should know")
    graded: bool = Field(
        default=True, description="false when the grader failed or the file cannot be read"
    )
    refused: str = Field(
        default="", description="why it is not taken, where its student can put that right"
    )
    environment: Environment
    seconds: float = 0.0
    cpu_seconds: float = 0.0


def since_then(result: SubmissionResult, part: str) -> str:
    """The sentence about a part whose contract changed after the student's release; else empty."""
    if part not in result.outdated:
        return ""
    return say("release.outdated", of=result.release)


def of_notebook(result: SubmissionResult, rebuilt: Rebuilt) -> SubmissionResult:
    """``result`` as that of the notebook ``rebuilt``, whose work is the same.

    What was put right, and on which release it was made, is the file's and not the work's.
    """
    facts = {
        "repairs": list(rebuilt.repairs),
        "release": rebuilt.release,
        "outdated": list(rebuilt.outdated),
    }
    return result.model_copy(update=facts)


def identical(results: Sequence[SubmissionResult]) -> list[list[SubmissionResult]]:
    """Groups of several submissions whose work is the same, the largest group first."""
    groups: dict[str, list[SubmissionResult]] = defaultdict(list)
    for result in results:
        if result.key:
            groups[result.key].append(result)
    several = [group for group in groups.values() if len(group) > 1]
    return sorted(several, key=len, reverse=True)


def untouched(result: SubmissionResult) -> bool:
    """Whether nothing at all was written."""
    return all(part.outcome == "missing" for part in result.parts)


def fault_in_words(fault: Exception) -> str:
    """The grader's own fault in a sentence that can be written down, whatever it quotes."""
    return plain(f"The grader failed: {type(fault).__name__}: {fault}", 2000)


def not_graded(name: str, assignment: Assignment, why: str, where: Environment) -> SubmissionResult:
    """The record of a submission that has no grade, and ``why`` not."""
    return SubmissionResult(
        name=name,
        assignment=assignment.name,
        key="",
        score=0.0,
        max_score=assignment.max_score,
        parts=[],
        notes=[why],
        graded=False,
        environment=where,
    )
