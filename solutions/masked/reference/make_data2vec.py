"""Writes data2vec.safetensors from the oracle: ``python make_data2vec.py``.

``layers`` [4, 3, 6, 5], every column of deviation .5 or more; ``targets.<top>`` and
``unbiased.<top>``, what both readings of a deviation give; ``prediction``, ``target`` [3, 6, 5],
``mask`` [3, 6], ``loss.<beta>`` and ``gradient`` at beta 0.5; what mistakes give.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_data2vec import Layer, mistaken_losses, mistaken_targets, smooth_l1, targets
from safetensors.torch import save_file
from torch import Tensor

BETA = 0.5
BETAS = (0.25, BETA, 1.0, 3.0)
CLIPS, TOKENS, DIM = 3, 6, 5
MASKED = ((1, 2, 3, 4), (), (0, 5))


def layer(rng: random.Random, scale: float, level: float) -> Layer:
    """Numbers whose clips and dimensions have levels and scales of their own."""

    def column() -> list[float]:
        own, spread = rng.gauss(level, 2), scale * rng.uniform(0.8, 2)
        while True:
            values = [own + spread * rng.gauss(0, 1) for _ in range(TOKENS)]
            values = [round(v * 256) / 256 for v in values]
            mean = sum(values) / TOKENS
            if sum((v - mean) ** 2 for v in values) / TOKENS > 0.25:
                return values

    clips = [[column() for _ in range(DIM)] for _ in range(CLIPS)]
    return [[list(token) for token in zip(*columns, strict=True)] for columns in clips]


def main() -> None:
    rng = random.Random(20)
    tensors: dict[str, Tensor] = {}

    def put(name: str, value: object) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    layers = [layer(rng, scale, level) for scale, level in ((1, 3), (2, -2), (0.8, 1), (3, 4))]
    put("layers", layers)
    for top in (1, 2, 3, 4):
        put(f"targets.{top}", targets(layers, top))
        put(f"unbiased.{top}", targets(layers, top, correction=1))
    for name, value in mistaken_targets(layers, 2).items():
        put(f"targets.mistake.{name}", value)
        for right in ("targets.2", "unbiased.2"):
            assert (tensors[f"targets.mistake.{name}"] - tensors[right]).abs().max() > 0.05, name

    prediction, target = layer(rng, 0.8, 0), layer(rng, 0.8, 0)
    mask = [[t in tokens for t in range(TOKENS)] for tokens in MASKED]
    put("prediction", prediction)
    put("target", target)
    put("mask", mask)
    for beta in BETAS:
        put(f"loss.{beta}", smooth_l1(prediction, target, mask, beta))
    right = smooth_l1(prediction, target, mask, BETA)
    values = mistaken_losses(prediction, target, mask, BETA)
    for name, value in values.items():
        put(f"loss.mistake.{name}", value)
        assert abs(value - right) > 0.005, (name, value, right)
        for other, v in values.items():
            same = other.split(".")[0] == name.split(".")[0]
            assert same or abs(v - value) > 0.002, (name, other)
    count = DIM * sum(len(tokens) for tokens in MASKED)
    put(
        "gradient",
        [
            [
                [
                    (max(-1.0, min(1.0, (p - q) / BETA)) / count if masked else 0.0)
                    for p, q in zip(*rows, strict=True)
                ]
                for *rows, masked in zip(*clips, strict=True)
            ]
            for clips in zip(prediction, target, mask, strict=True)
        ],
    )
    save_file(tensors, Path(__file__).with_name("data2vec.safetensors"))


if __name__ == "__main__":
    main()
