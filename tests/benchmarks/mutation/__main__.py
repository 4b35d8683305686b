"""``python -m tests.benchmarks.mutation [NAME] [PART...]``: do suites notice one wrong place?

Every mutant of the reference solution is questioned by the hidden suite of its part, without
the wall. A mutant that passes every test survives. Where the text fixes the result, a survivor
must be explained in ``survivors/<assignment>.toml``: it is the same function in other words, or
another solution that the text allows; exit status 1 when one is not. Survivors of parts of free
design are listed.

Without parts: all of the assignment's; without a name: all assignments. What was tried is kept
in ``.speechmark/mutants`` and not tried again while nothing that it depends on has changed, so a
run may be stopped, or made part by part. Once all parts of an assignment are there whose result
the text fixes, its section of docs/mutants.md is written.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import torch
from tqdm import tqdm

from autograder.course.assignment import Assignment, Course
from tests.benchmarks.mutation.mutants import mutants
from tests.benchmarks.mutation.page import section, with_section
from tests.benchmarks.mutation.trials import explanation, explanations, run, tried

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "mutants.md"


def examine(assignment: Assignment, chosen: list[str]) -> int:
    """Try the mutants of some parts; print, and count, survivors that should be explained."""
    known = explanations(assignment.name)
    unexplained = 0
    for part in (part for part in assignment.automatic if part.id in chosen):
        own = []
        total = len(mutants(assignment.reference_cells[part.id]))
        for trial in tqdm(run(assignment, part.id), desc=part.id, total=total, disable=None):
            own.append(trial)
        survivors = [trial for trial in own if trial.survived]
        endings = Counter(trial.ending.outcome for trial in own).most_common()
        counts = ", ".join(f"{name} {times}" for name, times in endings)
        print(
            f"{assignment.name} {part.id}: {len(survivors)} of {len(own)} survive ({counts})",
            flush=True,
        )
        for trial in survivors:
            if explanation(trial, known) is None:
                unexplained += not part.free
                mutant = trial.mutant
                print(f"  {mutant.operator} in {mutant.function}, not explained")
                print(f"  - {mutant.before}\n  + {mutant.after}", flush=True)
    return unexplained


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.mutation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    course = Course.find(ROOT)
    every = {assignment.name: assignment for assignment in course.assignments()}
    parser.add_argument("name", nargs="?", choices=[*every], help="default: all assignments")
    parser.add_argument("parts", nargs="*", metavar="PART", help="default: all of its parts")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    unexplained = 0
    for assignment in [every[chosen.name]] if chosen.name else every.values():
        parts = [part.id for part in assignment.automatic]
        if unknown := set(chosen.parts) - set(parts):
            parser.error(f"{assignment.name} has no {', '.join(unknown)}; it has {parts}.")
        unexplained += examine(assignment, chosen.parts or parts)
        trials = tried(assignment)
        there = {trial.part for trial in trials}
        if missing := [p.id for p in assignment.automatic if not p.free and p.id not in there]:
            print(f"{PAGE.name} is left as it is: {', '.join(missing)} not tried.")
            continue
        text = section(assignment, trials, explanations(assignment.name))
        PAGE.write_text(with_section(PAGE.read_text(), assignment.name, text), encoding="utf-8")
    print(f"{unexplained} survivors not explained")
    sys.exit(bool(unexplained))


if __name__ == "__main__":
    main()
