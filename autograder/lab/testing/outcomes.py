"""How a test can end: the words and the sign of each outcome, the same in every place."""

from __future__ import annotations

from typing import Literal, NamedTuple

from autograder.support.sentences import say

Outcome = Literal["passed", "wrong", "crashed", "timeout", "memory", "missing", "skipped", "grader"]
"""The classes that end a test badly are in :mod:`autograder.lab.testing.failures`."""


class Said(NamedTuple):
    """An outcome in words, as one sign in a line of text, and as a mark beside points."""

    words: str
    sign: str
    mark: str


_SIGNS: dict[Outcome, tuple[str, str]] = {
    "passed": ("✔", ""),
    "wrong": ("✘", "×"),
    "crashed": ("✘", "!"),
    "timeout": ("✘", "T"),
    "memory": ("✘", "M"),
    "missing": ("…", "·"),
    "skipped": ("–", ""),
    "grader": ("?", "?"),
}

OUTCOMES = {name: Said(say(f"outcomes.{name}"), *signs) for name, signs in _SIGNS.items()}

LEGEND = "× wrong  ! raised  T out of time  M out of memory  · not written  ? not graded"
"""What the marks beside points mean."""


def held(outcome: str) -> bool:
    """Whether nothing went wrong: the test passed, or was not asked."""
    return outcome in ("passed", "skipped")
