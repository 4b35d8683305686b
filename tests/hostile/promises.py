"""What must hold of every hostile submission, at every level."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from rich.console import Console

from autograder.batch.session import show
from autograder.course.assignment import Course
from autograder.course.results import SubmissionResult
from autograder.grading.suites import part_result
from autograder.isolation.sandbox import unavailable
from autograder.nbgrader.feedback import part_html, repairs_html
from autograder.report.report import write_report
from tests.hostile.arena import HONEST, UNTOUCHED, Arena
from tests.hostile.corpus import ALL, Case, cases
from tests.hostile.markup import active_markup

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_ORDERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys and does not show."""

LONGEST_RECORD = 1 << 20
"""Bytes of JSON that the record of a submission may grow to, whatever it sends."""


def needs(level: int) -> Any:
    """Skip what needs a level that this machine does not offer."""
    why = unavailable(level)
    return pytest.mark.skipif(bool(why), reason=f"level {level}: {why}")


def of_kind(kind: str, level: int) -> list[Any]:
    """The cases to run at ``level``, as parameters. One that is known to succeed must do so."""
    return [
        pytest.param(case, id=case.name, marks=_known(case))
        for case in cases(kind)
        if case.runs_at(level)
    ]


def _known(case: Case) -> list[Any]:
    if "open" not in case.keys:
        return []
    return [pytest.mark.xfail(strict=True, raises=AssertionError, reason=case.keys["open"])]


def check_code(case: Case, place: Arena) -> None:
    """Grade a case of ``code/``; check what it gained, told, left and did to the next one."""
    honest = HONEST if ALL else HONEST[:1]
    parts = {*honest, UNTOUCHED, case.part or UNTOUCHED}
    place.watch()
    result = place.grade(place.hostile(case), *parts)
    assert result.graded, result.notes
    assert place.changes() == []
    if place.level == 1 and "control" in case.keys:
        assert "got through" in result.model_dump_json()
        return
    tells_nothing(place, result)
    settings = {part.id: part for part in place.assignment.settings.part}
    for part in result.parts:
        if part.id in honest and part.id != case.part:
            assert part.score == full(place, part.id) or "hurts" in case.keys
        else:
            assert part_result(settings[part.id], part.tests).score == 0
    spares_the_next(place)


def check_file(case: Case, place: Arena, result: SubmissionResult) -> None:
    """Check what became of a case of ``files/``: refused in a sentence, or graded as honest."""
    tells_nothing(place, result)
    if case.keys["deserves"] == "refused":
        assert not result.graded
        (why,) = result.notes
        assert len(why) < 400
        assert "Error" not in why
    else:
        assert result.graded, result.notes
        assert is_honest(place, result)


def check_training(case: Case, place: Arena) -> None:
    """Grade a case of ``training/``; check that it is flagged where it says so, and stopped."""
    place.watch()
    result = place.grade(place.hostile(case), *HONEST)
    assert result.graded, result.notes
    assert place.changes() == []
    tells_nothing(place, result)
    flagged = result.training is not None and bool(result.training.flags)
    if flagged != ("flagged" in case.keys):
        pytest.fail(f"flagged: {flagged}")
    passed = {test.name for part in result.parts for test in part.tests if test.outcome == "passed"}
    assert not passed & {"learned", "above_bar"}


def tells_nothing(place: Arena, result: SubmissionResult) -> None:
    """No secret in the record, nothing hidden in what a student reads, nothing that runs."""
    record = result.model_dump_json()
    assert len(record) < LONGEST_RECORD
    assert place.token not in record
    assert "got through" not in record
    with tempfile.TemporaryDirectory() as folder:
        training = place.assignment.settings.training
        write_report([result], Path(folder), title="Hostile", training=training)
        pages = {page.parent.name: page.read_text() for page in Path(folder).rglob("*.html")}
    feedback = [part_html(part) for part in result.parts] + [repairs_html(result.repairs)]
    hints = [f"{t.demand} {t.hint} {t.where}" for part in result.parts for t in part.tests]
    assert "leaked: " not in "".join([pages["students"], *feedback, *hints])
    assert not _ORDERS.search(_COLOURS.sub("", on_a_terminal(place, result)))
    assert [found for page in (*pages.values(), *feedback) for found in active_markup(page)] == []


def on_a_terminal(place: Arena, result: SubmissionResult) -> str:
    """What the command line prints of a result, as if all its texts were problems to tell."""
    texts = [*result.notes, *result.repairs]
    texts += [f"{t.hint} {t.where} {t.detail}" for part in result.parts for t in part.tests]
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=160)
    with patch("autograder.batch.session.out", console):
        show(place.assignment, [result], {f"{text}": text for text in texts}, [], marks=None)
    return screen.getvalue()


def spares_the_next(place: Arena) -> None:
    """The next submission, which is honest, gets what it deserves from the same grader."""
    (part,) = place.grade(place.honest(), HONEST[0]).parts
    assert part.outcome == "passed"


def is_honest(place: Arena, result: SubmissionResult) -> bool:
    """Whether the honest parts passed with full points and the untouched one has none."""
    got = {part.id: (part.score, part.outcome) for part in result.parts}
    due = {part: (full(place, part), "passed") for part in HONEST}
    return got in (due, {**due, UNTOUCHED: (0.0, "missing")})


def full(place: Arena, part: str) -> float:
    """The points of a part; none for the part that is graded by a training run."""
    assignment = Course(place.root).assignment(place.assignment.name)
    trained = assignment.training.part
    points = {p.id: p.points for p in assignment.settings.part if p.id != trained}
    return points.get(part, 0.0)
