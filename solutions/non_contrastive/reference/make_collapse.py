"""Writes collapse.safetensors from the oracle: ``python make_collapse.py``."""

from __future__ import annotations

import math
import random
from pathlib import Path

import oracle_collapse as oracle
import torch
from oracle_collapse import Rows
from safetensors.torch import save_file
from torch import Tensor

TOLERANCE = 2e-3
"""Relative, of the suite."""


def exact(value: float) -> float:
    """Rounded so that float32 holds it."""
    return round(value * 1024) / 1024


def uneven(n: int, dim: int, rng: random.Random, offset: float = 1.5) -> Rows:
    """Rows about a common direction, of all lengths; columns of very different deviation."""
    middle = [rng.uniform(-offset, offset) for _ in range(dim)]
    spread = [0.15 * 2.2 ** (i % 5) for i in range(dim)]
    rows = []
    for _ in range(n):
        size = rng.uniform(0.3, 4.0)
        rows.append([exact(size * rng.gauss(m, s)) for m, s in zip(middle, spread, strict=True)])
    return rows


def main() -> None:
    rng = random.Random(6)
    tensors: dict[str, Tensor] = {}

    def put(name: str, rows: Rows) -> None:
        tensors[name] = torch.tensor(rows, dtype=torch.float64)

    def number(name: str, value: float) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    def mistakes(case: str, known: dict[str, list[float]], right: list[float]) -> None:
        for hint, values in known.items():
            for i, value in enumerate(values):
                gap = min(abs(value / r - 1) for r in right)
                assert gap > 10 * TOLERANCE, (case, hint, i, value, right)
                number(f"mistake.{case}.{hint}.{i}", value)
                for other, others in known.items():
                    apart = min(abs(value / v - 1) for v in others)
                    assert other == hint or apart > 2e-3, (case, hint, i, other)

    for shape in ((11, 5), (2, 3), (40, 16)):
        rows, name = uneven(*shape, rng), "x".join(map(str, shape))
        put(f"deviation.{name}", rows)
        for word, correction in (("biased", 0), ("unbiased", 1)):
            number(f"deviation.{name}.{word}", oracle.feature_deviation(rows, correction))
    rows = tensors["deviation.11x5"].tolist()
    both = [oracle.feature_deviation(rows, correction) for correction in (0, 1)]
    for correction in (0, 1):
        known = oracle.deviation_mistakes(rows, correction)
        mistakes(f"deviation.{correction}", known, both)

    rows = uneven(64, 6, rng, offset=4.0)
    put("rank.64x6", rows)
    number("rank.64x6.value", oracle.effective_rank(rows))
    mistakes("rank", oracle.rank_mistakes(rows), [oracle.effective_rank(rows)])
    rows = uneven(80, 3, rng)
    put("rank.80x3", rows)
    number("rank.80x3.value", oracle.effective_rank(rows))
    rows = uneven(64, 70, rng)
    put("rank.64x70", rows)
    number("rank.64x70.value", oracle.effective_rank(rows))

    # Low ranks, the last with columns of exact zeros.
    column = [exact(rng.gauss(0, 1)) or 1.0 for _ in range(64)]
    one = [[c * w for w in (1.0, -0.5, 2.0, 0.25)] for c in column]
    put("rank.one", one)
    two = [[c, exact(rng.gauss(0, 1)), 0.0, 0.0, 0.0] for c in column]
    put("rank.zeros", two)
    number("rank.zeros.value", oracle.effective_rank(two))
    signs = [[1.0 - 2.0 * ((i >> k) & 1) for k in range(6)] for i in range(64)]
    put("rank.full", signs)
    assert math.isclose(oracle.effective_rank(signs), 6.0)
    assert math.isclose(oracle.effective_rank(one), 1.0, rel_tol=1e-6)
    save_file(tensors, Path(__file__).with_name("collapse.safetensors"))


if __name__ == "__main__":
    main()
