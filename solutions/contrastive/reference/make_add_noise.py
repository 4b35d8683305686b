"""Writes add_noise.safetensors from the oracle: ``python make_add_noise.py``.

Eight clips of different level, crest factor and offset, which tell the known mistakes apart.

``wave`` [8, 1024] float32, ``snr_db`` [8] float32, ``level`` [1] float32; for ``number`` (the
same ``level`` for all clips) and ``tensor`` (``snr_db``), float64 [8] each:
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
LEVEL_DB = 7.0
SNR_DB = [13.0, -3.0, 20.0, 4.0, 24.0, 9.0, 1.5, 16.5]


def clips() -> list[list[float]]:
    """Clips of different level, crest factor and offset."""
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
