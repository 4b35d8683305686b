"""Writes wav2vec.safetensors from the oracle: ``python make_wav2vec.py``.

``context`` and ``targets`` [9, 4], ``distractors`` [9, 6]: among them repeats, -1, targets equal
to the own, one that points its way, ones that share a number, a token all of whose distractors
are left out, and one that is alone. ``loss.<temperature>``; at 0.5 the gradients, and what
mistakes give. ``near.*``: every context near its target, for low temperatures.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_wav2vec import MISTAKES, Case, Rows, gradient, loss
from safetensors.torch import save_file
from torch import Tensor

TEMPERATURE = 0.5
TEMPERATURES = (0.05, 0.1, 0.5, 2.0)


def rows(count: int, dim: int, rng: random.Random) -> Rows:
    """Random rows of any length."""
    return [
        [round(rng.uniform(0.5, 2) * rng.gauss(0, 1) * 256) / 256 or 0.5 for _ in range(dim)]
        for _ in range(count)
    ]


def case(rng: random.Random) -> Case:
    """Nine tokens whose distractors hold everything that may occur."""
    targets, context = rows(9, 4, rng), rows(9, 4, rng)
    targets[2] = list(targets[0])  # equal
    targets[5] = [2 * x for x in targets[3]]  # the same direction
    targets[4][1] = targets[1][1]  # one number in common
    targets[7] = list(targets[6])
    distractors = [
        [1, 2, 3, 3, 3, 2],
        [4, 0, 4, 2, 3, 0],
        [0, 1, 4, 1, 3, 0],
        [5, 5, 0, 4, 1, 5],
        [1, 1, 5, 3, 2, 0],
        [3, 0, 3, 3, 4, 2],
        [7, 7, 7, 7, 7, 7],
        [6, 6, 6, 6, 6, 6],
        [-1, -1, -1, -1, -1, -1],
    ]
    # A last row that is unlike the others, so that -1 taken for it shows.
    distractors[1][5] = -1
    return context, targets, distractors


def main() -> None:
    rng = random.Random(20)
    tensors: dict[str, Tensor] = {}

    def put(name: str, value: object) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    given = case(rng)
    for name, value in zip(("context", "targets", "distractors"), given, strict=True):
        put(name, value)
    for temperature in TEMPERATURES:
        put(f"loss.{temperature}", loss(given, temperature))
    right = loss(given, TEMPERATURE)
    of_context, of_targets = gradient(given, TEMPERATURE)
    put("gradient.context", of_context)
    put("gradient.targets", of_targets)
    values = {
        f"{hint}.{i}": loss(given, TEMPERATURE, recipe)
        for hint, recipes in MISTAKES.items()
        for i, recipe in enumerate(recipes)
    }
    for name, value in values.items():
        put(f"mistake.{name}", value)
        assert abs(value - right) > 0.005, (name, value, right)
        for other, v in values.items():
            same = other.split(".")[0] == name.split(".")[0]
            assert same or abs(v - value) > 0.001, (name, other)

    targets = rows(6, 12, rng)
    context = [[x + 0.1 * rng.gauss(0, 1) for x in row] for row in targets]
    context = [[round(x * 256) / 256 for x in row] for row in context]
    distractors = [[j for j in range(6) if j != i] for i in range(6)]
    for i in (1, 4):  # and two that are far from it
        context[i] = [-x for x in context[i]]
    near = context, targets, distractors
    for name, value in zip(("context", "targets", "distractors"), near, strict=True):
        put(f"near.{name}", value)
    put("near.loss", loss(near, 0.01))
    save_file(tensors, Path(__file__).with_name("wav2vec.safetensors"))


if __name__ == "__main__":
    main()
