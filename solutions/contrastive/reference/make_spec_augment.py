"""Writes spec_augment.safetensors from the oracle: ``python make_spec_augment.py``.

``mel`` [16, 16, 24] float32: clips of log power, each with a level and a tilt of its own, and
no cell within 0.3 of its clip's mean. Float64: ``mean`` [16], ``lowest`` [16],
``row_mean`` [16, 16], ``frame_mean`` [16, 24], ``batch_mean`` [1].
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_spec_augment import clip_mean, frame_means, lowest, row_means
from safetensors.torch import save_file

CLIPS, MELS, FRAMES = 16, 16, 24
APART = 0.3


def spectrogram(rng: random.Random) -> list[list[float]]:
    """Log power of one clip."""
    level, tilt, decay = rng.uniform(-14, -6), rng.uniform(0.15, 0.3), rng.uniform(0.05, 0.15)
    mel = [
        [level - tilt * m - decay * f + rng.gauss(0, 0.8) for f in range(FRAMES)]
        for m in range(MELS)
    ]
    while True:
        mean = clip_mean(mel)
        near = [(m, f) for m in range(MELS) for f in range(FRAMES) if abs(mel[m][f] - mean) < APART]
        if not near:
            return mel
        for m, f in near:
            away = APART + rng.uniform(0.05, 0.25)
            away = away if mel[m][f] > mean else -away
            mel[m][f] = mean + away


def main() -> None:
    rng = random.Random(20)
    mel = torch.tensor([spectrogram(rng) for _ in range(CLIPS)], dtype=torch.float32)
    clips = mel.double().tolist()
    float64 = {
        "mean": [clip_mean(mel) for mel in clips],
        "lowest": [lowest(mel) for mel in clips],
        "row_mean": [row_means(mel) for mel in clips],
        "frame_mean": [frame_means(mel) for mel in clips],
        "batch_mean": [clip_mean([row for mel in clips for row in mel])],
    }
    tensors = {name: torch.tensor(value, dtype=torch.float64) for name, value in float64.items()}
    save_file({"mel": mel, **tensors}, Path(__file__).with_name("spec_augment.safetensors"))


if __name__ == "__main__":
    main()
