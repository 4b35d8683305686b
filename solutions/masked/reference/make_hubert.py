"""Writes hubert.safetensors from the oracle: ``python make_hubert.py``.

``logits`` [4, 9, 5], ``labels``, ``mask``, ``speech`` [4, 9]; ``loss.<alpha>``, ``gradient`` at
alpha 0.75, and what mistakes give at 0.75; ``cold.*``, logits up to 200.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_hubert import Case, gradient, loss, mistakes
from safetensors.torch import save_file
from torch import Tensor

ALPHA = 0.75
TOKENS, CLUSTERS = 9, 5


def case(rng: random.Random, scale: float) -> Case:
    """Four clips of 9, 6, 3 and no tokens of speech; how surprised one is differs by clip."""
    lengths = (9, 6, 3, 0)
    hidden = ((2, 3, 4, 5, 6), (0, 1, 2), (), ())
    logits = [
        [[round(rng.gauss(0, scale) * 64) / 64 for _ in range(CLUSTERS)] for _ in range(TOKENS)]
        for _ in lengths
    ]
    labels = [[rng.randrange(CLUSTERS) for _ in range(TOKENS)] for _ in lengths]
    speech = [[t < length for t in range(TOKENS)] for length in lengths]
    mask = [[t in tokens for t in range(TOKENS)] for tokens in hidden]
    for clip, ease in enumerate((0.0, 1.5, -1.5, 3.0)):
        for t in range(TOKENS):
            logits[clip][t][labels[clip][t]] += ease * scale
    return logits, labels, mask, speech


def main() -> None:
    rng = random.Random(20)
    tensors: dict[str, Tensor] = {}

    def put(name: str, value: object) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    given = case(rng, 1.0)
    for name, value in zip(("logits", "labels", "mask", "speech"), given, strict=True):
        put(name, value)
    for alpha in (0.0, 0.25, ALPHA, 1.0):
        put(f"loss.{alpha}", loss(*given, alpha))
    put("gradient", gradient(*given, ALPHA))
    values = mistakes(given, ALPHA)
    for name, value in values.items():
        put(f"mistake.{name}", value)
        assert abs(value - loss(*given, ALPHA)) > 0.01, name
        for other, v in values.items():
            same = other.split(".")[0] == name.split(".")[0]
            assert same or abs(v - value) > 0.005, (name, other)

    logits, labels, mask, speech = case(rng, 60.0)
    put("cold.logits", logits)
    put("cold.labels", labels)
    put("cold.loss", loss(logits, labels, mask, speech, ALPHA))
    save_file(tensors, Path(__file__).with_name("hubert.safetensors"))


if __name__ == "__main__":
    main()
