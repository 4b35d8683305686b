"""Writes add_noise.safetensors from the oracle: ``python make_add_noise.py``.

Twelve clips of different level, crest factor and offset, silent in part or quiet, which tell
the known mistakes apart. Decibels end on .4, so that cutting them shows.

``wave`` [12, 1024] float32, ``snr_db`` [12] float32, ``level`` [1] float32; for ``number`` (the
same ``level`` for all clips) and ``tensor`` (``snr_db``), float64 [12] each:
``<case>.right`` and ``<case>.<mistake>``.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

import torch
from oracle_add_noise import mean_square, mistaken_powers, noise_power
from safetensors.torch import save_file

SAMPLES = 1024
LEVEL_DB = 7.4
SNR_DB = [13.4, 2.4, 20.4, 4.4, 24.4, 9.4, 1.4, 16.4, 10.4, 6.4, 12.4, 8.4]


def clips() -> list[list[float]]:
    """Clips of different level, crest factor and offset; two silent in part, two quiet."""
    rng = random.Random(20)
    turn = [2 * math.pi * i / SAMPLES for i in range(SAMPLES)]
    return [
        [0.5 * math.sin(31 * t) for t in turn],
        [0.6 + 0.1 * math.sin(17 * t) for t in turn],
        [0.9 if i % 64 == 0 else rng.uniform(-0.02, 0.02) for i in range(SAMPLES)],
        [rng.gauss(0, 0.03) for _ in turn],
        [2.5 * math.sin(5 * t) for t in turn],
        [-0.3 + 0.2 * math.sin(8 * t) * math.exp(-t) for t in turn],
        [rng.uniform(-1.5, 1.5) for _ in turn],
        [0.2 * math.sin(40 * t) * math.sin(t / 2) for t in turn],
        [0.4 * math.sin(60 * t) if i < 256 else 0.0 for i, t in enumerate(turn)],
        [rng.gauss(0, 0.1) if i >= 614 else 0.0 for i in range(SAMPLES)],
        [rng.gauss(0, 0.003) for _ in turn],
        [0.0025 * math.sin(23 * t) for t in turn],
    ]


def main() -> None:
    wave = torch.tensor(clips(), dtype=torch.float32)
    rounded = wave.double().tolist()
    cases = {"number": [LEVEL_DB] * len(rounded), "tensor": SNR_DB}
    tensors = {
        "wave": wave,
        "snr_db": torch.tensor(SNR_DB, dtype=torch.float32),
        "level": torch.tensor([LEVEL_DB], dtype=torch.float32),
    }
    for case, snr_db in cases.items():
        powers = [noise_power(mean_square(c), s) for c, s in zip(rounded, snr_db, strict=True)]
        tensors[f"{case}.right"] = torch.tensor(powers, dtype=torch.float64)
        for name, wrong in mistaken_powers(rounded, snr_db).items():
            tensors[f"{case}.{name}"] = torch.tensor(wrong, dtype=torch.float64)
    save_file(tensors, Path(__file__).with_name("add_noise.safetensors"))


if __name__ == "__main__":
    main()
