"""Writes info_nce.safetensors from the oracle: ``python make_info_nce.py``."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_info_nce import MISTAKES, Rows, gradient, loss, softmax_twice
from safetensors.torch import save_file
from torch import Tensor

TEMPERATURE = 0.7
TEMPERATURES = (0.05, 0.2, 1.0, 5.0)
SHAPES = ((2, 3), (3, 2), (9, 16), (17, 4), (128, 64))
"""Pairs and dimensions; the last are those of the training run."""


def pairs(
    n: int, dim: int, rng: random.Random, spread: float = 0.7, common: float = 0.0
) -> tuple[Rows, Rows]:
    """Two views of ``n`` clips: a direction per clip, ``spread`` of noise, rows of any length.

    ``common`` moves all clips the same way, which brings their cosines up. Values are
    rounded so that float32 holds them exactly.
    """
    shared = [[common + rng.gauss(0, 1) for _ in range(dim)] for _ in range(n)]

    def view() -> Rows:
        rows = []
        for row in shared:
            length = rng.uniform(0.3, 3.0)
            rows.append([round((v + spread * rng.gauss(0, 1)) * length * 1024) / 1024 for v in row])
        return rows

    return view(), view()


def opposed(rng: random.Random) -> tuple[Rows, Rows]:
    """Four clips whose two views point in different directions, and one whose views agree."""
    a, b = [], []
    for turn in (0.0, 0.0, -1.0, -1.0, 2.0):
        first = [1.0, 0.0, *(round(0.05 * rng.gauss(0, 1) * 1024) / 1024 for _ in range(4))]
        a.append(first)
        b.append([turn, 1.0 if turn == 0 else 0.0, *first[:1:-1]])
    return a, b


def main() -> None:
    rng = random.Random(20)
    tensors: dict[str, Tensor] = {}

    def put(name: str, a: Rows, b: Rows) -> None:
        tensors[f"{name}.z_a"] = torch.tensor(a, dtype=torch.float64)
        tensors[f"{name}.z_b"] = torch.tensor(b, dtype=torch.float64)

    def number(name: str, value: float) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    a, b = pairs(6, 5, rng)
    put("value", a, b)
    number("value.loss", loss(a, b, TEMPERATURE))
    for hint, recipes in MISTAKES.items():
        for i, recipe in enumerate(recipes):
            number(f"mistake.{hint}.{i}", loss(a, b, TEMPERATURE, recipe))
    number("mistake.softmax_twice.0", softmax_twice(a, b, TEMPERATURE))
    slope_a, slope_b = gradient(a, b, TEMPERATURE)
    tensors["value.grad_a"] = torch.tensor(slope_a, dtype=torch.float64)
    tensors["value.grad_b"] = torch.tensor(slope_b, dtype=torch.float64)

    for temperature in TEMPERATURES:
        number(f"temperature.{temperature}", loss(a, b, temperature))
    for n, dim in SHAPES:
        a, b = pairs(n, dim, rng)
        put(f"shape.{n}x{dim}", a, b)
        number(f"shape.{n}x{dim}.loss", loss(a, b, 0.2))

    # At 0.01 in float32 near pairs overflow a bare exp, far pairs bring it down to zero, and
    # where all cosines are above 0.5 no logit can be cut off unnoticed.
    near = pairs(5, 24, rng, spread=0.05, common=2.0)
    far = pairs(4, 24, rng, spread=4.0)
    a, b = near[0] + far[0], near[1] + far[1]
    put("cold", a, b)
    number("cold.loss", loss(a, b, 0.01))

    # Rows whose partner is at a right angle or opposite, beside views that are nearly alike:
    # a row's loss is 100 and more, beyond the logarithm of the smallest number of float32.
    a, b = opposed(rng)
    put("far", a, b)
    number("far.loss", loss(a, b, 0.01))

    right = tensors["value.loss"]
    for name, value in tensors.items():
        if name.startswith("mistake."):
            assert abs(value / right - 1) > 0.005, (name, value, right)
            for other, v in tensors.items():
                same = other.split(".")[1] == name.split(".")[1]
                if other.startswith("mistake.") and not same:
                    assert abs(v / value - 1) > 0.001, (name, other, value)
    save_file(tensors, Path(__file__).with_name("info_nce.safetensors"))


if __name__ == "__main__":
    main()
