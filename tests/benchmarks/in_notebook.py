"""The hidden suites as a notebook's own tests: what stock nbgrader is given to run.

The same tests, tolerances, weights and training run as Speechmark's, called in the graded
cells of the student's own kernel, where any course would have them without a wall.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from autograder.lab.pretraining import Recipe, embed, pretrain
from autograder.lab.probing import knn_probe, linear_probe, pooled_log_mel
from autograder.lab.testing.runner import run_suite
from autograder.lab.testing.seeding import seed_everything
from autograder.lab.testing.student import LocalStudent
from spoken_digits import card, load
from spoken_digits.features import corpus_log_mel

torch.set_num_threads(1)


def score(solutions: str, part: str, points: float, namespace: Mapping[str, Any]) -> float:
    """Points of ``part``, as the value of the graded cell, from which nbgrader reads them."""
    folder = Path(solutions)
    file = folder / "reference" / f"{part}.safetensors"
    reference = safetensors.torch.load_file(file) if file.is_file() else {}
    student = LocalStudent(dict(namespace))
    outcomes = run_suite(folder / "hidden" / f"test_{part}.py", student, reference)
    if any(o.essential and o.failure is not None for o in outcomes):
        return 0.0
    passed = sum(o.weight for o in outcomes if o.failure is None)
    return round(points * passed / sum(o.weight for o in outcomes), 2)


def train(
    solutions: str, part: str, points: float, corpus: str, steps: int, threshold: float,
    namespace: Mapping[str, Any],
) -> float:  # fmt: skip
    """As :func:`score` for the part that is examined by the training run."""
    if score(solutions, part, points, namespace) < points:
        return 0.0
    waves, mels, digits, is_train = _clips(corpus)
    seed_everything(0)
    encoder = namespace["Encoder"]()
    head = namespace["ProjectionHead"](encoder.dim)
    before = embed(encoder, mels)
    names = ("info_nce", "augment_wave", "augment_mel")
    loss, *augment = (namespace[name] for name in names)
    recipe = Recipe(steps=steps)
    trained = pretrain(
        waves[is_train], encoder, head, loss, *augment, recipe=recipe, progress=False
    )
    after = embed(trained.encoder, mels)

    def probe(x: torch.Tensor) -> float:
        return linear_probe(x[is_train], digits[is_train], x[~is_train], digits[~is_train])

    knn_probe(after[is_train], digits[is_train], after[~is_train], digits[~is_train])
    accuracy = probe(after)
    bars = (probe(before), probe(pooled_log_mel(mels)), threshold)
    return round(points * sum(accuracy > bar for bar in bars) / len(bars), 2)


@cache
def _clips(name: str) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    corpus = load(name)
    split = corpus.split_by_speaker(card(name).test_speakers)
    is_train = torch.zeros(len(corpus), dtype=torch.bool)
    is_train[split.train_idx] = True
    return corpus.waves, corpus_log_mel(corpus), corpus.digits, is_train
