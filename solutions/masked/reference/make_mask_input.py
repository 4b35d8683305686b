"""Writes mask_input.safetensors from the oracle: ``python make_mask_input.py``.

``mel`` [3, 40, 14], ``mask`` [3, 7], ``vector`` [40], ``hidden`` and what mistakes give.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_mask_input import hidden, mistakes
from safetensors.torch import save_file
from torch import Tensor

CLIPS, BANDS, TOKENS = 3, 40, 7
MASKED = ((1, 2, 3), (0, 5, 6), (4,))


def main() -> None:
    rng = random.Random(20)

    def numbers(count: int) -> list[float]:
        return [round(rng.gauss(0, 1) * 256) / 256 for _ in range(count)]

    mels = [[numbers(2 * TOKENS) for _ in range(BANDS)] for _ in range(CLIPS)]
    masks = [[t in tokens for t in range(TOKENS)] for tokens in MASKED]
    vector = numbers(BANDS)
    tensors: dict[str, Tensor] = {}

    def put(name: str, value: object) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    put("mel", mels)
    put("mask", masks)
    put("vector", vector)
    pairs = list(zip(mels, masks, strict=True))
    put("hidden", [hidden(mel, mask, vector) for mel, mask in pairs])
    made = [mistakes(mel, mask, vector) for mel, mask in pairs]
    for name in made[0]:
        put(f"mistake.{name}", [clip[name] for clip in made])
        assert (tensors[f"mistake.{name}"] - tensors["hidden"]).abs().max() > 0.1, name
    save_file(tensors, Path(__file__).with_name("mask_input.safetensors"))


if __name__ == "__main__":
    main()
