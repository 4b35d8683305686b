"""``python -m tests.benchmarks.stability``: do verdicts hang on a seed or on threads?

Runs the reference and every solution of ``right/`` and ``wrong/`` against the hidden suite of
its part, without the wall, with other seeds of every generator in the suites (and so with
other draws and other clips), and with ``--threads`` threads. Names every verdict, and every
first hint, that is not as it should be: on no seed may a right solution fail or a wrong one
pass. Exit status 1 when a verdict is false.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from autograder.authoring.audit import solutions
from autograder.course.assignment import Course
from autograder.course.compose import Solution
from tests.benchmarks.trial import PASSED, collect, ending

ROOT = Path(__file__).resolve().parents[2]
KINDS = ["reference", "right", "wrong"]


def reseeded(suite: str, by: int) -> str:
    """The source of a suite whose seeds are all moved by ``by``."""
    moved = re.sub(r"\b(manual_seed|student\.seed|twin)\(", rf"\1({by} + ", suite)
    return re.sub(r"\bseed=(\d)", rf"seed={by} + \1", moved)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.stability")
    parser.add_argument("kinds", nargs="*", default=KINDS, help=", ".join(KINDS))
    parser.add_argument("--seeds", type=int, default=1, help="how many; the first is the suites'")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--part", help="only solutions to this part")
    parser.add_argument("--name", default="", help="only solutions with this in their name")
    parser.add_argument("--assignment", default="contrastive")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    assignment = Course.find(ROOT).assignment(chosen.assignment)
    kinds = [kind for kind in chosen.kinds if kind != "reference"]
    every = [s for kind in kinds for s in solutions(assignment.folder, kind)]
    if "reference" in chosen.kinds:
        every += [
            Solution(Path("reference") / part.id, part.id, assignment.reference_cells[part.id])
            for part in assignment.automatic
        ]
    every = [s for s in every if chosen.part in (None, s.part) and chosen.name in s.path.name]
    runs = false = unnamed = 0
    with TemporaryDirectory() as scratch:
        for seed in range(chosen.seeds):
            for solution in every:
                suite = Path(scratch) / str(seed) / f"test_{solution.part}.py"
                if not suite.is_file():
                    suite.parent.mkdir(exist_ok=True)
                    source = assignment.hidden_suite(solution.part).read_text()
                    suite.write_text(reseeded(source, 1000 * seed))
                    collect(assignment, solution.part, suite)
                told = ending(assignment, solution.part, solution.source, suite, chosen.threads)
                runs += 1
                if (told == PASSED) == (solution.path.parent.name == "wrong"):
                    false += 1
                    print(f"FALSE {solution.path.name}, seed {seed}: {told}", flush=True)
                elif told != PASSED and told.hint != solution.hint:
                    unnamed += 1
                    print(f"hint of {solution.path.name}, seed {seed}: {told}", flush=True)
    print(
        f"{len(every)} solutions, {chosen.seeds} seeds, {chosen.threads} threads: {runs} runs, "
        f"{false} false verdicts, {unnamed} other hints"
    )
    sys.exit(bool(false))


if __name__ == "__main__":
    main()
