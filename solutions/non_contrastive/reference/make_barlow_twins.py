"""Writes barlow_twins.safetensors from the oracle: ``python make_barlow_twins.py``."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import oracle_barlow_twins as oracle
import torch
from oracle_barlow_twins import Recipe, Rows
from safetensors.torch import save_file
from torch import Tensor

LAMBDA = 0.3
"""Of the case ``value``: neither 1 nor the default, and what is beside the diagonal counts."""
TOLERANCE = 1e-3
"""Of the suite, relative."""
KINDS = {"biased": 0, "unbiased": 1}


def related(n: int, dim: int, rng: random.Random) -> tuple[Rows, Rows]:
    """Two batches; each dimension has something of a common one, and a mean and size of its own."""
    shared = [[rng.gauss(0, 1) for _ in range(dim)] for _ in range(n)]
    common = [rng.gauss(0, 1) for _ in range(n)]

    def view() -> Rows:
        means = [rng.uniform(2, 5) * rng.choice((-1, 1)) for _ in range(dim)]
        sizes = [rng.uniform(1.2, 3.5) for _ in range(dim)]
        rows = []
        for row, c in zip(shared, common, strict=True):
            mixed = [v + 0.8 * c + rng.gauss(0, 0.7) for v in row]
            rows.append(
                [
                    round((s * v + m) * 1024) / 1024
                    for v, s, m in zip(mixed, sizes, means, strict=True)
                ]
            )
        return rows

    return view(), view()


def main() -> None:
    rng = random.Random(12)
    tensors: dict[str, Tensor] = {}

    def number(name: str, value: float) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    def case(name: str, n: int, dim: int, lambd: float) -> tuple[Rows, Rows]:
        a, b = related(n, dim, rng)
        while min(oracle.variance(c, 0) for c in oracle.columns(a) + oracle.columns(b)) < 0.25:
            a, b = related(n, dim, rng)
        tensors[f"{name}.z_a"] = torch.tensor(a, dtype=torch.float64)
        tensors[f"{name}.z_b"] = torch.tensor(b, dtype=torch.float64)
        for kind, correction in KINDS.items():
            number(f"{name}.{kind}", oracle.loss(a, b, lambd, Recipe(correction=correction)))
        return a, b

    a, b = case("value", 12, 5, LAMBDA)
    right = [float(tensors[f"value.{kind}"]) for kind in KINDS]
    assert abs(right[1] / right[0] - 1) > 10 * TOLERANCE
    for kind, correction in KINDS.items():
        known = oracle.mistakes(Recipe(correction=correction))
        for hint, recipes in known.items():
            for i, recipe in enumerate(recipes):
                value = oracle.loss(a, b, LAMBDA, recipe)
                gap = min(abs(value / r - 1) for r in right)
                assert gap > 10 * TOLERANCE, (kind, hint, i, value, right)
                number(f"mistake.{hint}.{kind}.{i}", value)
        recipe = Recipe(correction=correction)
        for side, slopes in (
            ("a", oracle.slopes(a, b, LAMBDA, recipe)),
            ("b", oracle.slopes(b, a, LAMBDA, recipe)),  # the loss is symmetrical in its views
        ):
            tensors[f"value.{kind}.grad_{side}"] = torch.tensor(slopes, dtype=torch.float64)
    for kind, correction in KINDS.items():
        number(f"default.{kind}", oracle.loss(a, b, 0.01, replace(Recipe(), correction=correction)))
        number(f"no_lambda.{kind}", oracle.loss(a, b, 0.0, Recipe(correction=correction)))
    for n, dim in ((2, 2), (3, 6), (40, 3)):
        case(f"shape.{n}x{dim}", n, dim, 0.05)
    save_file(tensors, Path(__file__).with_name("barlow_twins.safetensors"))


if __name__ == "__main__":
    main()
