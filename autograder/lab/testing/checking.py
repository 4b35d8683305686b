"""The public checks: what a student can ask at any time, in a second.

The suites lie in ``public/`` beside the notebook. They are run by the same runner as the
hidden ones, but in the notebook's own process and on small examples.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.lab.testing.outcomes import OUTCOMES
from autograder.lab.testing.runner import TestOutcome, explain, run_suite
from autograder.lab.testing.student import LocalStudent
from autograder.lab.testing.validating import ChecksFail, leave_out_the_rest, validating
from autograder.support.sentences import say


def check(part: str, folder: str | Path = "public") -> None:
    """Run the public checks of ``part`` on the functions defined in the notebook so far.

    Prints one line per check, and under checks that fail what to think about.

    Args:
        part: the part's name, such as "loss".
        folder: where the public suites are.

    Raises:
        ChecksFail: nbgrader is validating the notebook, and a check does not hold.
    """
    namespace = sys._getframe(1).f_globals
    outcomes = run_checks(part, namespace, Path(folder))
    if not validating():
        print("\n".join(report(part, outcomes)))
        return
    leave_out_the_rest(namespace, Path(folder))
    failed = [outcome for outcome in outcomes or () if outcome.failure is not None]
    if failed or outcomes is None:
        raise ChecksFail("\n".join(report(part, failed or None)))


def run_checks(part: str, namespace: Mapping[str, Any], folder: Path) -> list[TestOutcome] | None:
    """Outcomes of the public suite of ``part``; None if ``folder`` holds none."""
    suite = folder / f"test_{part}.py"
    if not suite.is_file():
        return None
    return run_suite(suite, LocalStudent(dict(namespace)))


def report(part: str, outcomes: list[TestOutcome] | None) -> list[str]:
    """The lines that :func:`check` prints: each check, and under those that fail why."""
    if outcomes is None:
        return [say("notebook.no_checks", part=part)]
    lines = []
    reasons = [o.failure and explain(o.failure, {}, verbatim=True) for o in outcomes]
    for outcome, reason, following in zip(outcomes, reasons, [*reasons[1:], None], strict=True):
        lines.append(f"{OUTCOMES[outcome.outcome].sign} {part}: {outcome.demand}")
        if outcome.skipped:
            lines.append(say("notebook.not_asked", why=outcome.skipped))
        if reason and reason != following:  # what checks in a row have in common is said once
            lines.append(f"    {reason}")
    return lines
