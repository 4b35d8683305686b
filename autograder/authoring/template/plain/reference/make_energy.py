"""Writes energy.safetensors from the oracle: ``python make_energy.py``.

``wave`` [3, 1200] float32: tones with an offset, of different level and crest factor. For each
case of a size and a hop, float64 [3, frames] each: ``<case>.right`` and ``<case>.<mistake>``.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from oracle_energy import POWERS, frames
from safetensors.torch import save_file

CASES = {"default": (256, 128), "gaps": (100, 170)}


def waves() -> list[list[float]]:
    """Three waves whose frames differ, none of power 1."""
    time = [i / 8000 for i in range(1200)]
    return [
        [0.5 + 2 * math.sin(2 * math.pi * 440 * t) * math.exp(-4 * t) for t in time],
        [0.2 - 0.3 * math.sin(2 * math.pi * 150 * t) * (1 + t) for t in time],
        [1.5 + (4 if i % 32 == 0 else 0.5) * math.cos(i) for i in range(1200)],
    ]


def main() -> None:
    wave = torch.tensor(waves(), dtype=torch.float32)
    tensors = {"wave": wave}
    for case, (size, hop) in CASES.items():
        for name, power in POWERS.items():
            rows = [[power(f) for f in frames(row, size, hop)] for row in wave.double().tolist()]
            tensors[f"{case}.{name}"] = torch.tensor(rows, dtype=torch.float64)
    save_file(tensors, Path(__file__).with_name("energy.safetensors"))


if __name__ == "__main__":
    main()
