"""Runs suites against students and says how each test ended.

The same runner serves the public checks in the notebook and the hidden suites outside the
wall; only the student object differs. pytest works in this process, quietly, and what it
would print is not kept: the record is the list of :class:`TestOutcome`.
"""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import io
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from torch import Tensor

from autograder.lab.testing.failures import (
    GPU,
    IN_PLACE,
    NOT_INSTALLED,
    Crashed,
    Failure,
    GraderFault,
    TimedOut,
    Wrong,
)
from autograder.lab.testing.outcomes import Outcome
from autograder.lab.testing.student import Student
from autograder.support.sentences import say

_PATIENCE = 2
"""After so many timeouts in one suite, the rest of it counts as timed out too."""

# These write files, print, or capture what is printed.
_UNWANTED = (
    "cacheprovider capture faulthandler logging terminal threadexception unraisableexception"
)
# These collect garbage at every end of a session (0.15 s), or parse filters for every test.
_COSTLY = "threadexception unraisableexception warnings"
# No suite has use for these, and pytest takes a millisecond to set each of them up.
_UNUSED = "doctest junitxml legacypath pastebin setuponly setupplan stepwise unittest"

_PYTEST_ARGS = [
    f"-c={os.devnull}",
    "--import-mode=importlib",
    "--collect-only",
    "--disable-plugin-autoload",
    # pytest keeps modules by their path from here; suites of one name must not be mixed up.
    "--rootdir=/",
    *(f"-pno:{plugin}" for plugin in f"{_UNWANTED} {_COSTLY} {_UNUSED}".split()),
]

_CAUSED = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What looking at a value raises that is not of the kind a suite expects. An audit shows that right
solutions cause none of it."""

ODD = say("failures.odd")
"""The hint where a value made a suite itself raise."""

_KNOWN_ERRORS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
) | {"OutOfMemoryError", "LinAlgError"}


@dataclass(frozen=True)
class TestOutcome:
    """How one test ended.

    ``failure`` is None when it passed or was not asked; ``seconds`` is wall time.
    """

    __test__ = False

    name: str
    demand: str
    weight: float
    essential: bool
    failure: Failure | None
    seconds: float
    skipped: str = ""
    """Why it was not asked (``pytest.skip``); empty if it was."""

    @property
    def outcome(self) -> Outcome:
        if self.skipped:
            return "skipped"
        return "passed" if self.failure is None else self.failure.outcome


class _Copies(Mapping[str, Tensor]):
    """Reference tensors, each copied when it is asked for: what a test changes is its own."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors

    def __getitem__(self, name: str) -> Tensor:
        return self._tensors[name].clone()

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


class _Asking(Student):
    """A student in one asking of one suite.

    What a suite keeps of a student (the answers that its tests share) it keeps of this object,
    so it is asked anew when the notebook has run further.
    """

    def __init__(self, student: Student) -> None:
        self._student = student

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        return self._student.call(name, *args, **kwargs)

    def seed(self, seed: int) -> None:
        self._student.seed(seed)

    def has(self, name: str) -> bool:
        return self._student.has(name)

    @property
    def answers(self) -> int:  # type: ignore[override]
        return self._student.answers

    @property
    def mutated(self) -> tuple[str, ...]:  # type: ignore[override]
        return self._student.mutated


class _Collected:
    """A suite's tests as pytest has collected them, and the plugin that gives them fixtures.

    Collecting takes longer than most suites run, so it is done once for a file and the tests
    are run again for every student, through the hook by which pytest itself runs them.
    """

    def __init__(self, path: Path) -> None:
        self._items: list[pytest.Item] = []
        self._errors: list[str] = []
        self._outcomes: list[TestOutcome]
        with _quiet():
            pytest.main([str(path), *_PYTEST_ARGS], plugins=[self])
        if self._errors:
            raise GraderFault("; ".join(self._errors))
        if not self._items:
            raise GraderFault(f"{path.name}: no test was run")

    def run(
        self, student: Student, reference: Mapping[str, Tensor], to_first_failure: bool
    ) -> list[TestOutcome]:
        """Question ``student``; one outcome per test asked, in the file's order."""
        self._student, self._reference = _Asking(student), reference
        outcomes = self._outcomes = []
        try:
            with _quiet():
                for item, following in zip(self._items, [*self._items[1:], None], strict=True):
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                    if to_first_failure and outcomes[-1].failure is not None:
                        item.session._setupstate.teardown_exact(None)
                        break
        finally:
            # What failed holds its frames, and they hold tensors; the suite outlives the student.
            del self._student, self._reference, self._outcomes
            _forget_last_error()
        return outcomes

    @pytest.fixture
    def student(self) -> Student:
        return self._student

    @pytest.fixture
    def reference(self) -> Mapping[str, Tensor]:
        return _Copies(self._reference)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._errors.append(str(report.longrepr)[-2000:])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._items = list(session.items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._check_patience()

    def _check_patience(self) -> None:
        ended = [outcome.failure for outcome in self._outcomes]
        if sum(isinstance(failure, TimedOut) for failure in ended) >= _PATIENCE:
            raise TimedOut

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Keep the outcome; pytest's own report of it would be rendered for nobody."""
        error = call.excinfo.value if call.excinfo else None
        if call.when == "call" or error is not None:
            self._keep(item, call.duration, error)
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="failed" if error else "passed",
            longrepr=None,
            when=call.when,  # type: ignore[arg-type]
        )

    def _keep(self, item: pytest.Item, seconds: float, error: BaseException | None) -> None:
        skipped = ""
        if isinstance(error, pytest.skip.Exception):
            skipped, error = error.msg or say("outcomes.skipped"), None
        if error is not None and not isinstance(error, Failure):
            seen = f"{type(error).__name__}: {error}"[:2000]
            caused = isinstance(error, _CAUSED) and self._student.answers
            error = Wrong(ODD, seen) if caused else GraderFault(seen)
        function = getattr(item, "function", None)
        first = self._hint_of_first(getattr(function, "presumes", ()))
        if isinstance(error, Wrong) and first:
            error = Wrong(first, f"{error.hint}: {error.observed}")
        self._outcomes.append(
            TestOutcome(
                name=item.name,
                demand=(getattr(function, "__doc__", None) or item.name).strip().splitlines()[0],
                weight=getattr(function, "weight", 1.0),
                essential=getattr(function, "essential", False),
                failure=error,
                seconds=seconds,
                skipped=skipped,
            )
        )

    def _hint_of_first(self, tests: Collection[str]) -> str:
        """The hint of the first of ``tests`` that told a mistake; empty if none did."""
        failures = (o.failure for o in self._outcomes if o.name in tests)
        return next((f.hint for f in failures if isinstance(f, Wrong)), "")


def _forget_last_error() -> None:
    """Let go of what pytest keeps for a debugger."""
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        vars(sys).pop(name, None)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


_collected: dict[Path, tuple[bytes, _Collected]] = {}


def run_suite(
    path: Path,
    student: Student,
    reference: Mapping[str, Tensor] | None = None,
    to_first_failure: bool = False,
) -> list[TestOutcome]:
    """Run a suite; one outcome per test, in the file's order.

    Args:
        path: of the suite.
        student: whom its tests ask.
        reference: tensors that its tests compare with.
        to_first_failure: leave out what comes after the first test that fails.

    Raises:
        GraderFault: it cannot be collected, or holds no test.
    """
    path = path.resolve()
    digest = hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest()
    known, suite = _collected.pop(path, (b"", None))
    if suite is None or known != digest:
        _forget(path)
        suite = _Collected(path)
    outcomes = suite.run(student, reference or {}, to_first_failure)
    # Kept only now: what was stopped in its middle may have fixtures of another student's.
    _collected[path] = digest, suite
    return outcomes


def _forget(path: Path) -> None:
    """Have a suite imported anew that was edited since this process imported it."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) == str(path):
            del sys.modules[name]


def explain(
    failure: Failure, hints: Mapping[str, str], known: Collection[str] = (), verbatim: bool = False
) -> str:
    """What a student reads for ``failure``.

    Nothing that the student's code produced is in it, since that code has seen hidden
    inputs: of an exception only the name of a builtin type is told, and of a name that is not
    defined only one that the notebook's locked cells use.

    Args:
        failure: how the test ended.
        hints: hint id to text; a hint not in it is taken as the text itself.
        known: names that locked cells of the notebook define and grading does not have.
        verbatim: give the exception's own words: the code has seen nothing secret.
    """
    if isinstance(failure, Wrong):
        return hints.get(failure.hint, failure.hint)
    if isinstance(failure, Crashed):
        return _explain_crash(failure, known, verbatim)
    known_ends = ("timeout", "memory", "missing")
    return say(f"failures.{failure.outcome if failure.outcome in known_ends else 'grader'}")


def _explain_crash(crash: Crashed, known: Collection[str], verbatim: bool) -> str:
    line, kind, name = crash.line, crash.kind, crash.name
    if kind in ("SyntaxError", "IndentationError", "TabError"):
        python = ".".join(map(str, sys.version_info[:2]))
        return say("crashes.syntax_line" if line else "crashes.syntax", line=line, python=python)
    if kind == "NameError" and name and (verbatim or name in known):
        return say(
            "crashes.known_name_line" if line else "crashes.known_name", line=line, name=name
        )
    if kind == "NameError":
        return say("crashes.name_line" if line else "crashes.name", line=line)
    if kind in NOT_INSTALLED:
        return say("crashes.import_line" if line else "crashes.import", line=line)
    if kind == GPU:
        return say("crashes.gpu_line" if line else "crashes.gpu", line=line)
    if kind == IN_PLACE:
        return say("crashes.in_place")
    if verbatim:
        what = {"kind": kind, "line": line, "detail": crash.detail}
        return say("crashes.told_line" if line else "crashes.told", **what)
    if kind in _KNOWN_ERRORS:
        return say("crashes.raised", kind=kind)
    return say("crashes.raised_own")
