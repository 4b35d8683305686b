"""Writes latent_space.safetensors from the oracle: ``python make_latent_space.py``."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_latent_space import (
    Row,
    Rows,
    alignment,
    alignment_mistakes,
    clear,
    knn_accuracy,
    knn_mistakes,
    uniformity,
    uniformity_mistakes,
    unit,
)
from safetensors.torch import save_file
from torch import Tensor

T = 1.5
OTHER_T = (0.5, 2.0, 4.0)
K = 3
OTHER_K = (1, 5, 8, 60)
DIM, TEST = 4, 149
BATCH, WIDE = 128, 64
"""Rows and dimensions of the measures in the notebook."""
DIGITS, HEARD, UNHEARD = 10, 400, 101


def rounded(row: Row) -> Row:
    """Values that float32 holds exactly."""
    return [round(v * 4096) / 4096 for v in row]


def unit_pairs(n: int, dim: int, rng: random.Random) -> tuple[Rows, Rows]:
    """Two lists of unit vectors, partners near each other."""
    first = [unit([rng.gauss(0, 1) for _ in range(dim)]) for _ in range(n)]
    return first, [unit([v + rng.gauss(0, 0.3) for v in row]) for row in first]


def clusters(
    rng: random.Random, train_y: list[int], dim: int, tests: int, ks: tuple[int, ...]
) -> tuple[Rows, list[int], Rows, list[int]]:
    """Overlapping classes of directions, of any length; every vote is clear for all of ``ks``."""
    classes = 1 + max(train_y)
    centres = [[rng.gauss(0, 1) for _ in range(dim)] for _ in range(classes)]

    def clip(label: int) -> Row:
        length = rng.lognormvariate(0, 0.8)
        return rounded([length * (v + rng.gauss(0, 0.8)) for v in centres[label]])

    rng.shuffle(train_y)
    train = [clip(label) for label in train_y]
    test: Rows = []
    test_y: list[int] = []
    while len(test) < tests:
        label = rng.randrange(classes)
        row = clip(label)
        if clear(train, train_y, row, ks):
            test.append(row)
            test_y.append(label)
    return train, train_y, test, test_y


def telling_clusters() -> tuple[Rows, list[int], Rows, list[int], dict[str, list[float]]]:
    """The first clusters on which each mistake shows and no two give the same accuracy."""
    for seed in range(1000):
        few = [0] * 12 + [1] * 15 + [2] * 19 + [3] * 14
        train, train_y, test, test_y = clusters(random.Random(seed), few, DIM, TEST, (K, *OTHER_K))
        mistakes = knn_mistakes(train, train_y, test, test_y, K)
        right = knn_accuracy(train, train_y, test, test_y, K)
        groups = [set(values) for values in mistakes.values()]
        distinct = len(set[float]().union(*groups)) == sum(len(g) for g in groups)
        if distinct and all(right not in g for g in groups):
            return train, train_y, test, test_y, mistakes
    raise RuntimeError("no seed tells all mistakes apart")


def main() -> None:
    rng = random.Random(4)
    tensors: dict[str, Tensor] = {}

    def number(name: str, value: float) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    def mistakes(values: dict[str, list[float]], part: str) -> None:
        for hint, variants in values.items():
            for i, value in enumerate(variants):
                assert abs(value - tensors[part].item()) > 0.003, (hint, i, value)
                number(f"mistake.{part}.{hint}.{i}", value)

    a, b = unit_pairs(7, 5, rng)
    tensors["z_a"], tensors["z_b"] = torch.tensor(a), torch.tensor(b)
    number("alignment", alignment(a, b))
    mistakes(alignment_mistakes(a, b), "alignment")

    z, _ = unit_pairs(9, 3, rng)
    tensors["z"] = torch.tensor(z)
    number("uniformity", uniformity(z, T))
    mistakes(uniformity_mistakes(z, T), "uniformity")
    for t in OTHER_T:
        number(f"uniformity.{t}", uniformity(z, t))

    train, train_y, test, test_y, wrong = telling_clusters()
    tensors["train_z"], tensors["test_z"] = torch.tensor(train), torch.tensor(test)
    tensors["train_y"], tensors["test_y"] = torch.tensor(train_y), torch.tensor(test_y)
    number("knn", knn_accuracy(train, train_y, test, test_y, K))
    mistakes(wrong, "knn")
    for k in OTHER_K:
        number(f"knn.{k}", knn_accuracy(train, train_y, test, test_y, k))
    a, b = unit_pairs(BATCH, WIDE, rng)
    tensors["batch.z_a"], tensors["batch.z_b"] = torch.tensor(a), torch.tensor(b)
    number("batch.alignment", alignment(a, b))
    number("batch.uniformity", uniformity(a, 2.0))
    digits = [i % DIGITS for i in range(HEARD)]
    train, train_y, test, test_y = clusters(rng, digits, DIGITS, UNHEARD, (5,))
    tensors["batch.train_z"], tensors["batch.test_z"] = torch.tensor(train), torch.tensor(test)
    tensors["batch.train_y"], tensors["batch.test_y"] = torch.tensor(train_y), torch.tensor(test_y)
    number("batch.knn", knn_accuracy(train, train_y, test, test_y, 5))
    save_file(tensors, Path(__file__).with_name("latent_space.safetensors"))


if __name__ == "__main__":
    main()
