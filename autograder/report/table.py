"""The class as a table, one row per submission: in the terminal, and as CSV.

Light to import: neither torch nor matplotlib nor templates.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from autograder.course.results import PartResult, SubmissionResult
from autograder.course.settings import TrainingSettings
from autograder.lab.testing.outcomes import LEGEND, OUTCOMES
from autograder.lms.marks import Marks
from autograder.lms.roster import Roster
from autograder.support.plaintext import spreadsheet_cell
from autograder.support.words import duration, number


def part_names(results: Sequence[SubmissionResult]) -> dict[str, float]:
    """Each part of any of ``results`` and its points, in the order of the assignment."""
    points: dict[str, float] = {}
    for part in (part for result in results for part in result.parts):
        points[part.id] = max(points.get(part.id, 0.0), part.max_score)
    return points


def table(
    results: Sequence[SubmissionResult],
    training: TrainingSettings | None = None,
    roster: Roster | None = None,
    marks: Mapping[str, Marks] | None = None,
) -> Table:
    """Student, points per part with a mark where they were lost, the run's measure, total.

    Of what the gradebook holds there are the lateness, where anybody was late, and the grade.

    The measure is that of the last tier, in percent, coloured by whether every tier is reached.
    A submission that the grader failed on has no total. Where work was made on an older release,
    a column says on which, and in what parts something else has been asked since.

    Args:
        results: one row each.
        training: the assignment's training run, if it has one.
        roster: whose names are shown instead of ids.
        marks: what the gradebook holds, by the submission's name.
    """
    roster, marks = roster or Roster({}), marks or {}
    late = any(one.late or one.untimed for one in marks.values())
    parts = part_names(results)
    grid = Table(
        box=SIMPLE_HEAD, padding=0, header_style="bold",
        caption=LEGEND, caption_justify="left",
    )  # fmt: skip
    grid.add_column("student", min_width=8, max_width=28)
    for part, share in parts.items():
        words = _short(part.split("_"))
        header = Text("\n".join([*words, f"/{number(share)}"]))
        grid.add_column(header, justify="right", no_wrap=True)
    if training:
        words = _short(training.headline.name.split("_"))
        grid.add_column("\n".join([*words, "%"]), justify="right", no_wrap=True)
    older = any(result.release for result in results)
    if older:
        grid.add_column("made on\nrelease", max_width=24)
    points = max((result.max_score for result in results), default=0.0)
    grid.add_column(f"total\n/{number(points)}", justify="right", no_wrap=True)
    if late:
        grid.add_column("late", justify="right", no_wrap=True)
    if marks:
        most = max(one.max_score for one in marks.values())
        grid.add_column(f"grade\n/{number(most)}", justify="right", no_wrap=True)
    for result in results:
        of = {part.id: part for part in result.parts}
        cells = [_part(of.get(part)) for part in parts]
        name = Text(roster.shown(result.name), no_wrap=True, overflow="ellipsis")
        measure = [_measure(result, training)] if training else []
        held = marks.get(result.name) if result.graded else None
        more = [*([_late(held)] if late else []), *([_grade(held)] if marks else [])]
        made_on = [Text(_made_on(result))] if older else []
        grid.add_row(name, *cells, *measure, *made_on, _total(result), *more)
    return grid


def write_csv(
    results: Sequence[SubmissionResult],
    path: Path,
    training: TrainingSettings | None = None,
    roster: Roster | None = None,
    marks: Mapping[str, Marks] | None = None,
) -> None:
    """Write one row per submission to ``path`` (UTF-8, a header row).

    Columns: ``name``, where there is a roster ``first_name``, ``last_name`` and ``email``,
    ``graded``, each part's points, ``total``, ``max``, where there is a gradebook
    ``late_seconds`` (empty if nothing says it), ``penalty``, ``grade`` (empty as long as a part
    waits for a person) and ``grade_max``, each declared measure
    of the training run by name and its bar (``probe``, ``probe_bar``), the number of tests
    per outcome (``passed`` ... ``grader``), ``repairs``, the older ``release`` it was made
    on and the parts ``outdated`` since, ``flags``, ``seconds``,
    ``cpu_seconds``, ``level`` and ``key``. Unknown values are empty; so are the points of a
    submission that the grader failed on, which must not be taken for a zero.
    """
    parts = part_names(results)
    measures = [measure.name for measure in training.measure] if training else []
    bars = [measure.name for measure in training.calibrated] if training else []
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        rest = ("repairs", "release", "outdated", "flags", "seconds", "cpu_seconds", "level", "key")
        named = [*measures, *(f"{name}_bar" for name in bars)]
        who = ("first_name", "last_name", "email") if roster else ()
        by_book = ("late_seconds", "penalty", "grade", "grade_max") if marks else ()
        writer.writerow(
            ["name", *who, "graded", *parts, "total", "max", *by_book, *named, *OUTCOMES, *rest]
        )
        for result in results:
            scores = {p.id: p.score for p in result.parts if p.outcome != "grader"}
            counts = Counter(test.outcome for part in result.parts for test in part.tests)
            run = result.training
            student = roster.get(result.name) if roster else None
            writer.writerow(
                [
                    spreadsheet_cell(result.name),
                    *(spreadsheet_cell(getattr(student, name)) for name in who),
                    "yes" if result.graded else "no",
                    *(_rounded(scores.get(part)) if result.graded else "" for part in parts),
                    _rounded(result.score) if result.graded else "",
                    _rounded(result.max_score),
                    *(_held(marks.get(result.name)) if marks else ()),
                    *(_rounded(run.measures.get(name) if run else None) for name in measures),
                    *(_rounded(run.bars.get(name) if run else None) for name in bars),
                    *(counts[outcome] for outcome in OUTCOMES),
                    len(result.repairs),
                    result.release or "",
                    spreadsheet_cell(" ".join(result.outdated)),
                    len(run.flags) if run else 0,
                    _rounded(result.seconds),
                    _rounded(result.cpu_seconds),
                    result.environment.level,
                    spreadsheet_cell(result.key),
                ]
            )


def _short(words: Sequence[str]) -> list[str]:
    return [word if len(word) <= 8 else f"{word[:5]}…" for word in words]


def _part(part: PartResult | None) -> Text:
    if part is None:
        return Text("–", style="dim")
    if part.outcome == "grader":
        return Text("?", style="bold reverse red")
    share = part.score / part.max_score if part.max_score else 1.0
    style = "green" if share >= 1 else "red" if share <= 0 else "yellow"
    return Text(f"{number(part.score)}{OUTCOMES[part.outcome].mark or ' '}", style=style)


def _measure(result: SubmissionResult, training: TrainingSettings) -> Text:
    run = result.training
    if run is None:
        return Text("–", style="dim")
    part = next((part for part in result.parts if part.id == training.part), None)
    full = part is not None and part.outcome == "passed"
    value = run.measures.get(training.headline.name, math.nan)
    return Text(f"{100 * value:.1f}", style="green" if full else "yellow")


def _made_on(result: SubmissionResult) -> str:
    anew = f", anew: {', '.join(result.outdated)}" if result.outdated else ""
    return f"{result.release}{anew}" if result.release else ""


def _total(result: SubmissionResult) -> Text:
    if not result.graded:
        return Text("?", style="bold reverse red")
    return Text(number(result.score), style="bold")


def _late(marks: Marks | None) -> Text:
    if marks is None or not (marks.late or marks.untimed):
        return Text("")
    if marks.untimed:
        return Text("no time", style="red")
    return Text(duration(marks.late.total_seconds()), style="yellow")


def _grade(marks: Marks | None) -> Text:
    if marks is None:
        return Text("–", style="dim")
    return Text("by hand" if marks.total is None else number(marks.total), style="bold")


def _held(marks: Marks | None) -> tuple[float | str, ...]:
    if marks is None:
        return ("",) * 4
    late = None if marks.untimed else marks.late.total_seconds()
    return tuple(map(_rounded, (late, marks.penalty, marks.total, marks.max_score)))


def _rounded(value: float | None) -> float | str:
    return "" if value is None or not math.isfinite(value) else round(value, 4)
