"""The training run's own speed, and where its processor time goes.

Run as ``python -m tests.benchmarks.training.speed COURSE DEVICE STEPS`` by the row
``training``. The reference solution is trained by the assignment's ``training.py``, here
without a wall, with a clock around each of its steps.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import nn

from autograder.course.assignment import Course
from autograder.grading.exam import choose_corpus, prepare
from autograder.lab import views
from autograder.lab.training import Names, TrainingFile, build, whole
from tests.benchmarks.classes import NAME, namespace

Result = TypeVar("Result")


class Clocks:
    """Processor and wall time by name; what is inside of another clock is not counted twice."""

    def __init__(self, synchronise: Callable[[], None]) -> None:
        self.cpu: dict[str, float] = {}
        self.wall: dict[str, float] = {}
        self._inner: list[list[float]] = []
        self._synchronise = synchronise

    def call(self, name: str, function: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        self._synchronise()
        started = time.process_time(), time.perf_counter()
        self._inner.append([0.0, 0.0])
        try:
            return function(*args, **kwargs)
        finally:
            self._synchronise()
            spent = [time.process_time() - started[0], time.perf_counter() - started[1]]
            inside = self._inner.pop()
            self.cpu[name] = self.cpu.get(name, 0.0) + spent[0] - inside[0]
            self.wall[name] = self.wall.get(name, 0.0) + spent[1] - inside[1]
            if self._inner:
                for index in (0, 1):
                    self._inner[-1][index] += spent[index]

    def around(self, name: str, function: Callable[..., Result]) -> Callable[..., Result]:
        return lambda *args, **kwargs: self.call(name, function, *args, **kwargs)


class Timed(nn.Module):
    """A module with a clock around its forward pass."""

    def __init__(self, module: nn.Module, name: str, clocks: Clocks) -> None:
        super().__init__()
        self.module = module
        self._call = clocks.around(name, module.forward)

    def forward(self, *args: Any) -> Any:
        return self._call(*args)


def measure(course: Path, device: str, steps: int) -> dict[str, Any]:
    """Seconds by stage, and views per second, of one training run and its examination."""
    torch.set_num_threads(1)
    assignment = Course(course).assignment(NAME)
    corpus = choose_corpus(assignment, None)
    exam = prepare(assignment, corpus, calibrating=True)
    clips = exam.handed(["train_waves", "mels"])
    waves = {"train_waves": clips["train_waves"]}
    file = TrainingFile.of(assignment.training_source)
    found = namespace(assignment)
    recipe = {**assignment.training.recipe, "steps": steps}
    clocks = Clocks(torch.cuda.synchronize if device == "cuda" else lambda: None)

    def built(functions: dict[str, Any]) -> Any:
        return build(file, Names(functions), recipe, 0, device, exam.sample)

    few = {"train_waves": waves["train_waves"][:256]}
    file.train(built(found), few, {**recipe, "steps": 2}, whole)  # the first steps cost more
    names = {
        "info_nce": "loss",
        "augment_wave": "augmentation of waves",
        "augment_mel": "augmentation of log-mels",
    }
    model = built(found | {n: clocks.around(stage, found[n]) for n, stage in names.items()})
    views.log_mel = clocks.around("log-mel", views.log_mel)
    views.cut_silence = clocks.around("log-mel", views.cut_silence)
    backward, step = torch.autograd.backward, torch.optim.AdamW.step
    torch.autograd.backward = clocks.around("backward", backward)
    torch.optim.AdamW.step = lambda self, *a, **k: clocks.call("optimiser", step, self, *a, **k)
    before = clocks.call("embedding", file.embed, model, clips)[""]
    encoder = model.encoder
    model.encoder = Timed(encoder, "forward", clocks)
    model.head = Timed(model.head, "forward", clocks)
    curves, _ = clocks.call("rest", file.train, model, waves, recipe, whole)
    model.encoder = encoder
    torch.autograd.backward, torch.optim.AdamW.step = backward, step
    after = clocks.call("embedding", file.embed, model, clips)[""]
    before, after = exam.restored(before), exam.restored(after)
    probes = {
        "untrained, few labels": (exam.few_labels, before),
        "few labels": (exam.few_labels, after),
        "all labels": (exam.probe, after),
    }
    read = {name: clocks.call("probe", probe, x) for name, (probe, x) in probes.items()}
    seen = 2 * recipe["pairs"] * steps
    apart = ("probe", "embedding")
    return {
        "corpus": corpus,
        "steps": steps,
        "views per CPU-s": seen / sum(s for stage, s in clocks.cpu.items() if stage not in apart),
        "views per s": seen / sum(s for stage, s in clocks.wall.items() if stage not in apart),
        "CPU-s": clocks.cpu,
        "wall": clocks.wall,
        **{name: round(accuracy, 3) for name, accuracy in read.items()},
        "last loss": curves["loss"][-1],
    }


def main() -> None:
    course, device, steps = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    print(json.dumps(measure(course, device, steps)))


if __name__ == "__main__":
    main()
