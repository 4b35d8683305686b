"""Writes vicreg.safetensors from the oracle: ``python make_vicreg.py``."""

from __future__ import annotations

import random
from pathlib import Path

import oracle_vicreg as oracle
import torch
from oracle_vicreg import Rows
from safetensors.torch import save_file
from torch import Tensor

GAMMA = 1.5
"""Of the case ``variance``; not the default."""
WEIGHTS = (2.5, 7.0, 1.6)
"""Of the case ``vicreg``: invariance, variance, covariance, all different and none the default."""
TOLERANCE = 1e-3
"""Of the suite, relative."""


def related(n: int, dim: int, rng: random.Random) -> tuple[Rows, Rows]:
    """Two batches with strong covariance, deviations from 0.3 to 2, and means that are not 0."""
    shared = [[rng.gauss(0, 1) for _ in range(dim)] for _ in range(n)]
    common = [rng.gauss(0, 1) for _ in range(n)]
    sizes = [0.2 + 1.1 * i / (dim - 1) for i in range(dim)]
    rng.shuffle(sizes)

    def view(size: float) -> Rows:
        means = [rng.uniform(-2, 2) for _ in range(dim)]
        rows = []
        for row, c in zip(shared, common, strict=True):
            mixed = [v + 0.8 * c + rng.gauss(0, 0.6) for v in row]
            rows.append(
                [
                    round((size * s * v + m) * 1024) / 1024
                    for v, s, m in zip(mixed, sizes, means, strict=True)
                ]
            )
        return rows

    return view(1.0), view(0.7)


def main() -> None:
    rng = random.Random(1)
    tensors: dict[str, Tensor] = {}

    def number(name: str, value: float) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    def pair(name: str, a: Rows, b: Rows) -> None:
        tensors[f"{name}.z_a"] = torch.tensor(a, dtype=torch.float64)
        tensors[f"{name}.z_b"] = torch.tensor(b, dtype=torch.float64)
        number(f"{name}.invariance", oracle.invariance(a, b))
        number(f"{name}.variance", oracle.variance(a))
        number(f"{name}.covariance", oracle.covariance(a))
        number(f"{name}.vicreg", oracle.vicreg(a, b, 25.0, 25.0, 1.0))

    def mistakes(case: str, known: dict[str, list[float]], right: float) -> None:
        for hint, values in known.items():
            for i, value in enumerate(values):
                assert abs(value / right - 1) > 10 * TOLERANCE, (case, hint, i, value, right)
                number(f"mistake.{case}.{hint}.{i}", value)
                for other, others in known.items():
                    apart = min(abs(value - v) for v in others) / max(abs(value), 1e-3)
                    assert other == hint or apart > 2e-3, (case, hint, i, other)

    a, b = related(9, 6, rng)
    pair("value", a, b)
    number("gamma.variance", oracle.variance(a, GAMMA))
    mistakes("invariance", oracle.invariance_mistakes(a, b), oracle.invariance(a, b))
    mistakes("variance", oracle.variance_mistakes(a, GAMMA), oracle.variance(a, GAMMA))
    mistakes("covariance", oracle.covariance_mistakes(a), oracle.covariance(a))
    right = oracle.vicreg(a, b, *WEIGHTS)
    number("weights.vicreg", right)
    mistakes("vicreg", oracle.vicreg_mistakes(a, b, *WEIGHTS), right)
    tensors["weights.grad_a"] = torch.tensor(oracle.slopes(a, b, *WEIGHTS), dtype=torch.float64)
    tensors["weights.grad_b"] = torch.tensor(oracle.slopes(b, a, *WEIGHTS), dtype=torch.float64)
    for n, dim in ((2, 2), (3, 7), (25, 3)):
        pair(f"shape.{n}x{dim}", *related(n, dim, rng))
    row = [0.5, -1.0, 0.25, 2.0]
    other = [1.0, 0.5, -0.25, 1.5]
    pair("collapsed", [row] * 6, [other] * 6)
    save_file(tensors, Path(__file__).with_name("vicreg.safetensors"))


if __name__ == "__main__":
    main()
