"""``python -m tests.benchmarks.hints``: each mistake beside the hints a student would read.

For a person to judge: does the first hint name the mistake, and is every other true of the
code? Asks the solutions of ``wrong/`` without the wall, and prints of each its hints in the
order in which they are shown, with the tests that they answer; the hints' texts end each part.
"""

from __future__ import annotations

import argparse
import ast
from itertools import groupby
from pathlib import Path

import torch

from autograder.authoring.audit import solutions
from autograder.course.assignment import Assignment, Course
from autograder.course.compose import Solution
from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.runner import explain
from tests.benchmarks.trial import collect, outcomes

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.hints")
    parser.add_argument("assignment")
    parser.add_argument("--part", help="only solutions to this part")
    parser.add_argument("--name", default="", help="only solutions with this in their name")
    parser.add_argument("--code", action="store_true", help="show the code too")
    parser.add_argument("--folder", type=Path, help="holds wrong/; default: the assignment's own")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    assignment = Course.find(ROOT).assignment(chosen.assignment)
    every = solutions(chosen.folder or assignment.folder, "wrong")
    every = [s for s in every if chosen.part in (None, s.part) and chosen.name in s.path.name]
    for part, those in groupby(every, lambda solution: solution.part):
        collect(assignment, part, assignment.hidden_suite(part))
        print(f"# {part}\n")
        texts: dict[str, str] = {}
        for solution in those:
            hints = _hints(assignment, solution)
            print(f"## {solution.path.stem}: {solution.about}")
            if chosen.code:
                print(f"\n{_code(solution)}\n")
            for hint, tests in _by_hint(hints).items():
                print(f"- {hint} ({', '.join(tests)})", flush=True)
            texts |= {hint: text for _, hint, text in hints}
        print("\n" + "\n".join(f"{hint}: {texts[hint]}" for hint in sorted(texts)) + "\n")


def _hints(assignment: Assignment, solution: Solution) -> list[tuple[str, str, str]]:
    """Of each test that failed: its name, the id of its hint or its outcome, and the text."""
    failed = [
        (outcome.name, outcome.failure)
        for outcome in outcomes(assignment, solution.part, solution.source)
        if outcome.failure is not None
    ]
    return [(name, _id(failure), explain(failure, assignment.hints)) for name, failure in failed]


def _by_hint(hints: list[tuple[str, str, str]]) -> dict[str, list[str]]:
    tests: dict[str, list[str]] = {}
    for name, hint, _ in hints:
        tests.setdefault(hint, []).append(name.removeprefix("test_"))
    return tests or {"passes": []}


def _id(failure: Failure) -> str:
    if isinstance(failure, Crashed):
        return f"crashed, {failure.kind}"
    return failure.hint if isinstance(failure, Wrong) else failure.outcome


def _code(solution: Solution) -> str:
    """The source without its docstring."""
    lines, tree = solution.source.splitlines(), ast.parse(solution.source)
    first = tree.body[0]
    return "\n".join(lines[first.end_lineno if ast.get_docstring(tree) else 0 :]).strip()


if __name__ == "__main__":
    main()
