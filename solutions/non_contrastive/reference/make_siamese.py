"""Writes siamese.safetensors from the oracle: ``python make_siamese.py``."""

from __future__ import annotations

import random
from pathlib import Path

import oracle_siamese as oracle
import torch
from oracle_siamese import Rows
from safetensors.torch import save_file
from torch import Tensor

TOLERANCE = 1e-4
"""Of the suite."""


def related(n: int, dim: int, rng: random.Random, noise: float) -> tuple[Rows, Rows]:
    """Two batches whose rows belong together, of any length; float32 holds them exactly."""
    shared = [[rng.gauss(0.3, 1) for _ in range(dim)] for _ in range(n)]

    def view() -> Rows:
        rows = []
        for row in shared:
            size = rng.uniform(0.4, 3.0)
            rows.append([round((v + rng.gauss(0, noise)) * size * 1024) / 1024 for v in row])
        return rows

    return view(), view()


def main() -> None:
    rng = random.Random(3)
    tensors: dict[str, Tensor] = {}

    def put(name: str, rows: Rows) -> None:
        tensors[name] = torch.tensor(rows, dtype=torch.float64)

    def number(name: str, value: float) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    def mistakes(case: str, known: dict[str, list[float]], right: float) -> None:
        for hint, values in known.items():
            for i, value in enumerate(values):
                assert abs(value - right) > 20 * TOLERANCE * max(1, abs(right)), (hint, i, value)
                number(f"mistake.{case}.{hint}.{i}", value)
                for other, others in known.items():
                    apart = min(abs(value - v) for v in others)
                    assert other == hint or apart > 1e-3, (case, hint, i, other)

    p, z = related(7, 5, rng, 0.8)
    p[2] = [-v for v in p[2]]  # one pair that disagrees
    put("cosine.p", p)
    put("cosine.z", z)
    number("cosine.value", oracle.negative_cosine(p, z))
    put("cosine.slopes", oracle.slopes(p, z))
    mistakes("cosine", oracle.cosine_mistakes(p, z), oracle.negative_cosine(p, z))
    for n, dim in ((2, 2), (3, 9), (33, 4)):
        p, z = related(n, dim, rng, 1.5)
        put(f"shape.{n}x{dim}.p", p)
        put(f"shape.{n}x{dim}.z", z)
        number(f"shape.{n}x{dim}.value", oracle.negative_cosine(p, z))

    p_a, p_b = related(6, 4, rng, 0.5)
    z_a, z_b = related(6, 4, rng, 0.9)
    p_b[0] = [-v for v in p_b[0]]
    for name, rows in (("p_a", p_a), ("p_b", p_b), ("z_a", z_a), ("z_b", z_b)):
        put(f"siamese.{name}", rows)
    right = oracle.siamese(p_a, p_b, z_a, z_b)
    number("siamese.value", right)
    mistakes("siamese", oracle.siamese_mistakes(p_a, p_b, z_a, z_b), right)
    for name, p, z in (("p_a", p_a, z_b), ("p_b", p_b, z_a)):
        tensors[f"siamese.slopes.{name}"] = torch.tensor(oracle.slopes(p, z)).double() / 2
    save_file(tensors, Path(__file__).with_name("siamese.safetensors"))


if __name__ == "__main__":
    main()
