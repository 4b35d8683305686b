"""The class as a table, one row per submission: in the terminal, and as CSV.

Light to import: neither torch nor matplotlib nor templates.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from autograder.course.results import Outcome, PartResult, SubmissionResult
from autograder.course.words import number
from autograder.support.plaintext import plain, spreadsheet_cell

MARKS = {
    "passed": "",
    "wrong": "×",
    "crashed": "!",
    "timeout": "T",
    "memory": "M",
    "missing": "·",
    "grader": "?",
}
"""Beside a part's points: the outcome of its first test that did not pass."""

_LEGEND = "× wrong  ! raised  T out of time  M out of memory  · not written  ? not graded"


def part_names(results: Sequence[SubmissionResult]) -> dict[str, float]:
    """Each part of any of ``results`` and its points, in the order of the assignment."""
    points: dict[str, float] = {}
    for part in (part for result in results for part in result.parts):
        points[part.id] = max(points.get(part.id, 0.0), part.max_score)
    return points


def table(results: Sequence[SubmissionResult]) -> Table:
    """Student, points per part with a mark where they were lost, probe accuracy, total.

    Accuracy is in percent, marked where it is below the threshold. A submission that the
    grader failed on has no total.
    """
    parts = part_names(results)
    grid = Table(
        box=SIMPLE_HEAD, padding=0, header_style="bold",
        caption=_LEGEND, caption_justify="left",
    )  # fmt: skip
    grid.add_column("student", min_width=8, max_width=28)
    for part, share in parts.items():
        words = [word if len(word) <= 8 else f"{word[:5]}…" for word in part.split("_")]
        header = Text("\n".join([*words, f"/{number(share)}"]))
        grid.add_column(header, justify="right", no_wrap=True)
    grid.add_column("probe\n%", justify="right", no_wrap=True)
    points = max((result.max_score for result in results), default=0.0)
    grid.add_column(f"total\n/{number(points)}", justify="right", no_wrap=True)
    for result in results:
        of = {part.id: part for part in result.parts}
        cells = [_part(of.get(part)) for part in parts]
        name = Text(plain(result.name, 60), no_wrap=True, overflow="ellipsis")
        grid.add_row(name, *cells, _probe(result), _total(result))
    return grid


def write_csv(results: Sequence[SubmissionResult], path: Path) -> None:
    """Write one row per submission to ``path`` (UTF-8, a header row).

    Columns: ``name``, ``graded``, each part's points, ``total``, ``max``, accuracies from 0
    to 1 (``probe_accuracy``, ``untrained``, ``log_mel``, ``threshold``), the number of tests
    per outcome (``passed`` ... ``grader``), ``repairs``, ``flags``, ``seconds``,
    ``cpu_seconds``, ``level`` and ``key``. Unknown values are empty; so are the points of a
    submission that the grader failed on, which must not be taken for a zero.
    """
    outcomes: tuple[Outcome, ...] = get_args(Outcome)
    parts = part_names(results)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        accuracies = ("probe_accuracy", "untrained", "log_mel", "threshold")
        rest = ("repairs", "flags", "seconds", "cpu_seconds", "level", "key")
        writer.writerow(["name", "graded", *parts, "total", "max", *accuracies, *outcomes, *rest])
        for result in results:
            scores = {p.id: p.score for p in result.parts if p.outcome != "grader"}
            counts = Counter(test.outcome for part in result.parts for test in part.tests)
            run = result.training
            writer.writerow(
                [
                    spreadsheet_cell(result.name),
                    "yes" if result.graded else "no",
                    *(_rounded(scores.get(part)) if result.graded else "" for part in parts),
                    _rounded(result.score) if result.graded else "",
                    _rounded(result.max_score),
                    *(_rounded(getattr(run, name, None)) for name in ("accuracy", *accuracies[1:])),
                    *(counts[outcome] for outcome in outcomes),
                    len(result.repairs),
                    len(run.flags) if run else 0,
                    _rounded(result.seconds),
                    _rounded(result.cpu_seconds),
                    result.environment.level,
                    spreadsheet_cell(result.key),
                ]
            )


def _part(part: PartResult | None) -> Text:
    if part is None:
        return Text("–", style="dim")
    if part.outcome == "grader":
        return Text("?", style="bold reverse red")
    share = part.score / part.max_score if part.max_score else 1.0
    style = "green" if share >= 1 else "red" if share <= 0 else "yellow"
    return Text(f"{number(part.score)}{MARKS[part.outcome] or ' '}", style=style)


def _probe(result: SubmissionResult) -> Text:
    training = result.training
    if training is None:
        return Text("–", style="dim")
    above = training.accuracy > training.threshold
    return Text(f"{100 * training.accuracy:.1f}", style="green" if above else "yellow")


def _total(result: SubmissionResult) -> Text:
    if not result.graded:
        return Text("?", style="bold reverse red")
    return Text(number(result.score), style="bold")


def _rounded(value: float | None) -> float | str:
    return "" if value is None or not math.isfinite(value) else round(value, 4)
