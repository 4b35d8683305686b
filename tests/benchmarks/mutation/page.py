"""docs/mutants.md: one section for each assignment, rewritten when its mutants were tried."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import torch

from autograder.course.assignment import Assignment
from tests.benchmarks.mutation.mutants import Mutant
from tests.benchmarks.mutation.trials import Explanation, Trial, explanation

HEAD = """\
# Mutants: do the suites notice one wrong place?

`python -m tests.benchmarks.mutation` changes the reference solution in one place at a time, as
a slip would, runs the hidden suite of that part on the result, and writes this page. The
operators are in `tests/benchmarks/mutation/mutants.py`. What survives is listed below with the
reason why it may: it is the same function in other words, or another solution that the text of
the assignment allows. A survivor without a reason fails the run. A `device` that is left out is
not counted as a mutant: where there is one device it is no mistake that shows.

The design of some parts is the student's own (`free` in assignment.toml). Most changes there
give another correct solution, which a suite must pass and the training run judges; survivors
there are listed, and not all of them explained.
"""


def with_section(page: str, name: str, section: str) -> str:
    """``page`` with ``section`` for what it says of the assignment ``name``; in order of name."""
    _, *old = re.split(r"^(?=## )", page, flags=re.MULTILINE)
    others = [text for text in old if not text.startswith(f"## `{name}`\n")]
    return "\n".join(part.strip() + "\n" for part in (HEAD, *sorted([*others, section])))


def section(assignment: Assignment, trials: Sequence[Trial], known: Sequence[Explanation]) -> str:
    """What the page says of an assignment; ``trials`` are of all its parts, or of some."""
    there = {trial.part for trial in trials}
    missing = [f"`{part.id}`" for part in assignment.automatic if part.id not in there]
    lines = [
        f"## `{assignment.name}`",
        "",
        f"Tried on {datetime.date.today()} with torch {torch.__version__.partition('+')[0]}"
        + (f"; not tried: {', '.join(missing)}." if missing else "."),
        "",
        *_table(assignment, trials),
        "",
        "By operator, all parts: " + _by_operator(trials),
        "",
    ]
    for part in assignment.automatic:
        alive = [trial for trial in trials if trial.part == part.id and trial.survived]
        if alive:
            lines += [f"### `{part.id}`", "", *_survivors(alive, known, brief=part.free)]
    return "\n".join(lines)


def _table(assignment: Assignment, trials: Sequence[Trial]) -> Iterator[str]:
    there = dict.fromkeys(trial.part for trial in trials)
    fixed = [part for part in there if not assignment.part(part).free]
    free = [part for part in there if assignment.part(part).free]
    yield "| Part | Mutants | Noticed | Surviving |"
    yield "| --- | --- | --- | --- |"
    for name, group in (
        *((f"`{part}`", [part]) for part in fixed),
        ("**fixed by the text**", fixed),
        *((f"`{part}`, free", [part]) for part in free),
    ):
        own = [trial for trial in trials if trial.part in group]
        if not own:
            continue
        alive = sum(trial.survived for trial in own)
        yield f"| {name} | {len(own)} | {len(own) - alive} | {alive} ({alive / len(own):.1%}) |"


def _survivors(alive: Sequence[Trial], known: Sequence[Explanation], brief: bool) -> Iterator[str]:
    """Survivors of one part by their reason; ``brief``: where there is one, how many it has."""
    for entry in known:
        fitting = [trial.mutant for trial in alive if explanation(trial, known) is entry]
        if fitting and brief:
            yield from (f"{entry['why']} ({len(fitting)})", "")
        elif fitting:
            yield from (entry["why"], "", *_diff(fitting))
    rest = [trial.mutant for trial in alive if explanation(trial, known) is None]
    if rest:
        yield from ("Not explained:", "", *_diff(rest))


def _diff(changes: Sequence[Mutant]) -> Iterator[str]:
    yield "```diff"
    for mutant in changes:
        yield from (f"-{mutant.before}", f"+{mutant.after}")
    yield from ("```", "")


def _by_operator(trials: Sequence[Trial]) -> str:
    every = Counter(trial.mutant.operator for trial in trials)
    alive = Counter(trial.mutant.operator for trial in trials if trial.survived)
    return "; ".join(f"{name} {alive[name]} of {n}" for name, n in every.most_common()) + "."
