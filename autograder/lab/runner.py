"""Runs suites against students and says how each test ended.

The same runner serves the public checks in the notebook and the hidden suites outside the
wall; only the student object differs. pytest is run in this process, quietly, and what it
would print is not kept: the record is the list of :class:`TestOutcome`.
"""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from torch import Tensor

from autograder.lab.failures import Crashed, Failure, GraderFault, TimedOut, Wrong
from autograder.lab.student import Student

_PATIENCE = 2
"""After so many timeouts in one suite, the rest of it counts as timed out too."""

# These write files, print, or collect garbage at every end of a session (0.15 s).
_UNWANTED = "cacheprovider faulthandler logging terminal threadexception unraisableexception"
# No suite has use for these, and pytest takes a millisecond to set each of them up.
_UNUSED = "doctest junitxml legacypath pastebin setuponly setupplan stepwise unittest"

_PYTEST_ARGS = [
    f"-c={os.devnull}",
    "--import-mode=importlib",
    "--capture=no",
    "--disable-plugin-autoload",
    # pytest keeps modules by their path from here; suites of one name must not be mixed up.
    "--rootdir=/",
    *(f"-pno:{plugin}" for plugin in f"{_UNWANTED} {_UNUSED}".split()),
]

_KNOWN_ERRORS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
) | {"OutOfMemoryError", "LinAlgError"}


@dataclass(frozen=True)
class Suite:
    """A pytest file, the student it questions, and its reference tensors."""

    path: Path
    student: Student
    reference: Mapping[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class TestOutcome:
    """How one test ended. ``failure`` is None when it passed; ``seconds`` is wall time."""

    __test__ = False

    name: str
    demand: str
    weight: float
    essential: bool
    failure: Failure | None
    seconds: float

    @property
    def outcome(self) -> str:
        return "passed" if self.failure is None else self.failure.outcome


class _Plugin:
    """Gives the fixtures and gathers outcomes, file by file; one instance per session."""

    def __init__(self, suites: Sequence[Suite]) -> None:
        self._suites = {suite.path.resolve(): suite for suite in suites}
        self.outcomes: dict[Path, list[TestOutcome]] = {path: [] for path in self._suites}
        self.collection_errors: list[str] = []

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        return self._suites[request.path].student

    @pytest.fixture
    def reference(self, request: pytest.FixtureRequest) -> dict[str, Tensor]:
        tensors = self._suites[request.path].reference
        return {name: tensor.clone() for name, tensor in tensors.items()}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.collection_errors.append(str(report.longrepr)[-2000:])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        ended = [o.failure for o in self.outcomes[item.path]]
        if sum(isinstance(failure, TimedOut) for failure in ended) >= _PATIENCE:
            raise TimedOut

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Keep the outcome; pytest's own report of it would be rendered for nobody."""
        error = call.excinfo.value if call.excinfo else None
        if call.when == "call" or error is not None:
            self._keep(item, call, error)
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="failed" if error else "passed",
            longrepr=None,
            when=call.when,  # type: ignore[arg-type]
        )

    def _keep(
        self, item: pytest.Item, call: pytest.CallInfo[None], error: BaseException | None
    ) -> None:
        if error is not None and not isinstance(error, Failure):
            error = GraderFault(f"{type(error).__name__}: {error}"[:2000])
        function = getattr(item, "function", None)
        self.outcomes[item.path].append(
            TestOutcome(
                name=item.name,
                demand=(getattr(function, "__doc__", None) or item.name).strip().splitlines()[0],
                weight=getattr(function, "weight", 1.0),
                essential=getattr(function, "essential", False),
                failure=error,
                seconds=call.duration,
            )
        )


def run_suites(suites: Sequence[Suite]) -> list[list[TestOutcome]]:
    """Run ``suites`` one after the other in one pytest session.

    Returns:
        For each suite one outcome per test, in the file's order.

    Raises:
        GraderFault: a suite cannot be collected, or holds no test.
    """
    plugin = _Plugin(suites)
    paths = [str(path) for path in plugin.outcomes]
    _forget_changed(set(paths))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        pytest.main([*paths, *_PYTEST_ARGS], plugins=[plugin])
    if plugin.collection_errors:
        raise GraderFault("; ".join(plugin.collection_errors))
    for path, outcomes in plugin.outcomes.items():
        if not outcomes:
            raise GraderFault(f"{path.name}: no test was run")
    return [plugin.outcomes[suite.path.resolve()] for suite in suites]


_seen: dict[str, bytes] = {}


def _forget_changed(paths: set[str]) -> None:
    """Have suites imported anew that were edited since this process imported them."""
    digests = {
        path: hashlib.sha256(Path(path).read_bytes()).digest()
        for path in paths
        if os.path.isfile(path)
    }
    changed = {path for path, digest in digests.items() if _seen.get(path) != digest}
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) in changed:
            del sys.modules[name]
    _seen.update(digests)


def run_suite(
    path: Path, student: Student, reference: Mapping[str, Tensor] | None = None
) -> list[TestOutcome]:
    """Run one suite; see :func:`run_suites`."""
    return run_suites([Suite(path, student, reference or {})])[0]


def explain(failure: Failure, hints: Mapping[str, str]) -> str:
    """What a student reads for ``failure``.

    Nothing that the student's code produced is in it, since that code has seen hidden
    inputs: of an exception only the name of a builtin type is told.

    Args:
        failure: how the test ended.
        hints: hint id to text; a hint not in it is taken as the text itself.
    """
    if isinstance(failure, Wrong):
        return hints.get(failure.hint, failure.hint)
    if isinstance(failure, Crashed):
        kind = failure.kind if failure.kind in _KNOWN_ERRORS else "an error"
        return f"Your code raised {kind}. Which shape, type or value did it not expect?"
    return {
        "timeout": "Your code ran past the time limit. Is there a loop that never ends?",
        "memory": "Your code ran out of memory. Does a tensor grow faster than its input?",
        "missing": "Not written yet: it is not defined, or still raises NotImplementedError.",
    }.get(failure.outcome, "The grader failed here, not you. Course staff have been told.")
