"""What goes on is told on a terminal and in a log alike."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from rich.console import Console

from autograder.support import console


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What reaches standard error where that is a file."""
    written = io.StringIO()
    monkeypatch.setattr(console, "err", Console(file=written, width=100))
    return written


def test_where_no_terminal_is_the_first_and_the_last_step_are_told(log) -> None:
    with console.progress_bar() as progress:
        task = progress.add_task("Grading", total=3, counts="")
        for done in (1, 2, 3):
            progress.update(task, completed=done, counts=f"{done} [passed]")
    assert log.getvalue().splitlines() == [
        "Grading: 1 of 3 (1 [passed])",
        "Grading: 3 of 3 (3 [passed])",
    ]


def test_where_no_terminal_is_steps_are_told_at_intervals(log, monkeypatch) -> None:
    seconds = iter(range(0, 1000, 6))
    monkeypatch.setattr(console.time, "monotonic", lambda: next(seconds))
    with console.progress_bar() as progress:
        task = progress.add_task("Comparing", total=100, counts="")
        for _ in range(5):
            progress.advance(task)
    told = log.getvalue().splitlines()
    assert told[0] == "Comparing: 1 of 100"
    assert 1 < len(told) < 5


def test_where_no_terminal_is_what_goes_on_is_told_before_it_is_done(log) -> None:
    with console.doing("Drawing the report..."):
        assert log.getvalue() == "Drawing the report...\n"
