"""The training run's own speed, and where its processor time goes.

Run as ``python -m tests.benchmarks.training_speed COURSE DEVICE STEPS`` by the row
``training``. The reference solution is trained by the kit's own loop, here without a wall,
with a clock around each of its steps.
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
from autograder.lab import pretraining
from autograder.lab.pretraining import Recipe, embed, pretrain
from autograder.lab.testing.seeding import seed_everything
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
    import safetensors.torch

    clips = safetensors.torch.load_file(exam.exchange / "clips.safetensors")
    found = namespace(assignment.reference_cells.values())
    on_gpu = device == "cuda"
    clocks = Clocks(torch.cuda.synchronize if on_gpu else lambda: None)
    seed_everything(0)
    encoder = found["Encoder"]()
    head = found["ProjectionHead"](encoder.dim)
    encoder, head = encoder.to(device), head.to(device)
    mels = clips["mels"].to(device)
    warm = Recipe(steps=2)
    augment = found["augment_wave"], found["augment_mel"]
    pretrain(
        clips["waves"][:256], found["Encoder"](),
        found["ProjectionHead"](encoder.dim), found["info_nce"], *augment,
        recipe=warm, device=device, progress=False,
    )  # fmt: skip
    timed_encoder = Timed(encoder, "forward", clocks)
    recipe = Recipe(steps=steps)
    pretraining.log_mel = clocks.around("log-mel", pretraining.log_mel)
    pretraining.cut_silence = clocks.around("log-mel", pretraining.cut_silence)
    backward, step = torch.autograd.backward, torch.optim.AdamW.step
    torch.autograd.backward = clocks.around("backward", backward)
    torch.optim.AdamW.step = lambda self, *a, **k: clocks.call("optimiser", step, self, *a, **k)
    before = clocks.call("embedding", embed, encoder, mels)
    trained = clocks.call(
        "rest", pretrain, clips["waves"], timed_encoder, Timed(head, "forward", clocks),
        clocks.around("loss", found["info_nce"]),
        clocks.around("augmentation of waves", augment[0]),
        clocks.around("augmentation of log-mels", augment[1]),
        recipe=recipe, seed=0, device=device, progress=False,
    )  # fmt: skip
    torch.autograd.backward, torch.optim.AdamW.step = backward, step
    after = clocks.call("embedding", embed, encoder, mels)
    accuracies = [clocks.call("probe", exam.probe, x.float()) for x in (before, after)]
    clocks.call("probe", exam.knn, after.float())
    views = 2 * recipe.pairs * steps
    training = {k: v for k, v in clocks.cpu.items() if k not in ("probe", "embedding")}
    wall = {k: v for k, v in clocks.wall.items() if k not in ("probe", "embedding")}
    return {
        "corpus": corpus,
        "steps": steps,
        "views per CPU-s": views / sum(training.values()),
        "views per s": views / sum(wall.values()),
        "CPU-s": clocks.cpu,
        "wall": clocks.wall,
        "untrained": accuracies[0],
        "accuracy": accuracies[1],
        "last loss": trained.losses[-1],
    }


def main() -> None:
    course, device, steps = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    print(json.dumps(measure(course, device, steps)))


if __name__ == "__main__":
    main()
