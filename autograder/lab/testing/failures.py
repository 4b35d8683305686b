"""The ways a check can end badly, kept apart because each is answered differently.

=============  ===========================================================  ==================
class          what happened                                                who pays
=============  ===========================================================  ==================
Wrong          the student's code ran and its answer does not hold          the student
Crashed        the student's code raised                                    the student
TimedOut       it ran past a time limit                                     the student
OutOfMemory    it asked for more memory than the limit                      the student
Missing        the name is not defined, or still raises NotImplementedError the student
GraderFault    the grader, its machine or its suite broke                   nobody: not graded
=============  ===========================================================  ==================
"""

from __future__ import annotations

from typing import ClassVar

from autograder.lab.testing.outcomes import Outcome

GPU = "asking for a GPU"
"""The kind of a crash of code that wants a device which is not there."""

IN_PLACE = "writing in place"
"""The kind of a crash of code that changes a tensor whose gradient is asked for."""

NOT_INSTALLED = ("ModuleNotFoundError", "ImportError")
"""The kinds of a crash of code that imports what is not there."""


class Failure(Exception):
    """Base of every way a check can end badly; ``outcome`` is its name in results."""

    outcome: ClassVar[Outcome]


class Wrong(Failure):
    """The answer does not hold. ``hint`` is an id of the hint catalogue, or a plain sentence."""

    outcome = "wrong"

    def __init__(self, hint: str, observed: str = "") -> None:
        super().__init__(hint)
        self.hint = hint
        self.observed = observed
        """What was seen, for staff only."""


class Crashed(Failure):
    """The student's code raised ``kind`` on ``line`` of the cell named ``cell``.

    ``detail`` is the student's own message; it can carry anything the code saw, so it
    is for staff and never reaches feedback.
    """

    outcome = "crashed"

    def __init__(
        self,
        kind: str,
        detail: str = "",
        line: int | None = None,
        cell: str | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(kind)
        self.name = name
        """Of a NameError: what is not defined."""
        self.kind = kind
        self.detail = detail
        self.line = line
        self.cell = cell


class TimedOut(Failure):
    """The student's code ran past ``limit`` ("5 s of CPU time in one call")."""

    outcome = "timeout"

    def __init__(self, limit: str = "the time limit") -> None:
        super().__init__(limit)
        self.limit = limit


class OutOfMemory(Failure):
    """The student's code asked for more memory than it may have."""

    outcome = "memory"


class Missing(Failure):
    """The student has not written ``name`` yet."""

    outcome = "missing"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class GraderFault(Failure):
    """The grader's own fault. It costs the student nothing and is loud for staff."""

    outcome = "grader"
