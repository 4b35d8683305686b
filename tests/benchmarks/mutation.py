"""``python -m tests.benchmarks.mutation [PART...]``: do the suites notice one wrong place?

Every mutant of the reference solution is questioned by the hidden suite of its part, without
the wall. A mutant that passes every test survives and must be
explained in ``survivors.toml``: it is the same function in other words, or another solution
that the assignment's text allows. Exit status 1 when one is not. Without parts: all of them,
and docs/mutants.md is written.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import torch

from autograder.course.assignment import Assignment, Course
from tests.benchmarks.mutants import Mutant, mutants
from tests.benchmarks.trial import PASSED, Ending, ending

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mutants.md"
EXPLANATIONS = Path(__file__).with_name("survivors.toml")
FREE = ("encoder", "representation")
"""Parts whose design is the student's: most changes make another correct solution."""


class Trial(NamedTuple):
    """A mutant of a part, and how its suite ended."""

    part: str
    mutant: Mutant
    ending: Ending

    @property
    def survived(self) -> bool:
        return self.ending == PASSED


def run(assignment: Assignment, part: str) -> list[Trial]:
    """Try every mutant of ``part``; a suite that fails the reference itself ends the run."""
    source = assignment.reference_cells[part]
    if (told := ending(assignment, part, source)) != PASSED:
        sys.exit(f"The reference itself fails {part}: {told}")
    return [Trial(part, m, ending(assignment, part, m.source)) for m in mutants(source)]


Explanation = Mapping[str, str]
"""``why``, and what of a mutant it fits: the part, pieces of the statement before and after."""


def explanation(trial: Trial, known: Sequence[Explanation]) -> Explanation | None:
    """The first of ``known`` that fits."""
    mutant = trial.mutant
    for entry in known:
        if (
            entry["part"] == trial.part
            and entry.get("before", "") in mutant.before
            and entry.get("after", "") in mutant.after
            and entry.get("function", mutant.function) == mutant.function
        ):
            return entry
    return None


def page(trials: Sequence[Trial], known: Sequence[Explanation]) -> str:
    """docs/mutants.md."""
    lines = [_HEAD, "| Part | Mutants | Noticed | Surviving |", "| --- | --- | --- | --- |"]
    parts = list(dict.fromkeys(trial.part for trial in trials))
    fixed = [part for part in parts if part not in FREE]
    for name, group in (
        *((f"`{part}`", [part]) for part in fixed),
        ("**these six**", fixed),
        *((f"`{part}`", [part]) for part in parts if part in FREE),
    ):
        own = [trial for trial in trials if trial.part in group]
        alive = sum(trial.survived for trial in own)
        share = f"{alive} ({alive / len(own):.1%})"
        lines.append(f"| {name} | {len(own)} | {len(own) - alive} | {share} |")
    lines += ["", "By operator, all parts: " + _by_operator(trials), ""]
    for part in parts:
        lines += [f"## `{part}`", ""]
        for entry in known:
            fitting = [
                t.mutant for t in trials
                if t.survived and t.part == part and explanation(t, known) is entry
            ]  # fmt: skip
            if fitting and part in FREE:
                lines += [f"{entry['why']} ({len(fitting)})", ""]
            elif fitting:
                lines += [f"{entry['why']}", "", "```diff"]
                lines += [line for m in fitting for line in (f"-{m.before}", f"+{m.after}")]
                lines += ["```", ""]
    return "\n".join(lines)


def _by_operator(trials: Sequence[Trial]) -> str:
    every = Counter(trial.mutant.operator for trial in trials)
    alive = Counter(trial.mutant.operator for trial in trials if trial.survived)
    return "; ".join(f"{name} {alive[name]} of {n}" for name, n in every.most_common()) + "."


_HEAD = """\
# Mutants: do the suites notice one wrong place?

`python -m tests.benchmarks.mutation` changes the reference solution in one place at a time, as
a slip would, runs the hidden suite of that part on the result, and writes this page. The
operators are in `tests/benchmarks/mutants.py`. What survives is listed below with the reason
why it may: it is the same function in other words, or another solution that the text of the
assignment allows. A survivor without a reason fails the run. A `device` that is left out is not
counted as a mutant: where there is one device it is no mistake that shows.

The design of `encoder` and `representation` is the student's own. Most changes there give
another correct solution, which a suite must pass and the training run judges.
"""


def main() -> None:
    torch.set_num_threads(1)
    assignment = Course.find(ROOT).assignment("contrastive")
    chosen = sys.argv[1:] or [part.id for part in assignment.automatic]
    known = tomllib.loads(EXPLANATIONS.read_text())["survivor"]
    trials: list[Trial] = []
    unexplained = 0
    for part in chosen:
        own = run(assignment, part)
        trials += own
        survivors = [trial for trial in own if trial.survived]
        print(f"{part}: {len(survivors)} of {len(own)} survive", flush=True)
        for trial in survivors:
            if explanation(trial, known) is None:
                unexplained += 1
                mutant = trial.mutant
                print(f"  {mutant.operator} in {mutant.function}, not explained")
                print(f"  - {mutant.before}\n  + {mutant.after}", flush=True)
    print(f"{len(trials)} mutants, {unexplained} survivors not explained")
    for name, times in Counter(t.ending.outcome for t in trials).most_common():
        print(f"  {name}: {times}")
    if not sys.argv[1:]:
        PAGE.write_text(page(trials, known), encoding="utf-8")
    sys.exit(bool(unexplained))


if __name__ == "__main__":
    main()
