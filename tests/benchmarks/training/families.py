"""The training runs of all assignments at equal steps, side by side in one process.

Run as ``python -m tests.benchmarks.training.families STEPS ROUNDS`` by the row ``families``: prints
JSON. The reference solutions are trained, without a wall and on one thread, in turn and in rounds:
what else the machine does then falls on all of them alike.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import torch

from autograder.course.assignment import Assignment, Course
from autograder.grading.exam import choose_corpus, prepare
from autograder.lab.training import INPUTS, Names, TrainingFile, build, whole
from tests.benchmarks.classes import ROOT, namespace


def run_of(assignment: Assignment) -> Callable[[int], dict[str, float]]:
    """What makes one run of so many steps, and tells its CPU-seconds by stage."""
    exam = prepare(assignment, choose_corpus(assignment, None), calibrating=True)
    clips, student = exam.handed(INPUTS), Names(namespace(assignment))
    file = TrainingFile.of(assignment.training_source)

    def run(steps: int) -> dict[str, float]:
        recipe = {**assignment.training.recipe, "steps": steps}
        model = build(file, student, recipe, 0, "cpu", exam.sample)
        began = time.process_time()
        file.train(model, clips, recipe, whole)
        trained = time.process_time()
        file.embed(model, clips)
        return {"training": trained - began, "embedding": time.process_time() - trained}

    return run


def measure(steps: int, rounds: int) -> dict[str, dict[str, float]]:
    """Of each assignment that trains the least CPU-seconds of any round, by stage."""
    torch.set_num_threads(1)
    found = [each for each in Course(ROOT).assignments() if each.settings.training]
    runs = {each.name: run_of(each) for each in found}
    for run in runs.values():
        run(2)  # the first steps cost more
    made = [{name: run(steps) for name, run in runs.items()} for _ in range(rounds)]

    def least(name: str, stage: str) -> float:
        return min(each[name][stage] for each in made)

    stages = ("training", "embedding")
    return {name: {stage: least(name, stage) for stage in stages} for name in runs}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
