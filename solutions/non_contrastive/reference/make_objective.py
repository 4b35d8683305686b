"""Writes objective.safetensors, two views each of a few made-up utterances as log-mels."""

from __future__ import annotations

import math
import random
from pathlib import Path

import torch
from safetensors.torch import save_file

CLIPS, BANDS, FRAMES = 16, 40, 48


def utterance(rng: random.Random, turn: float) -> list[list[float]]:
    """A log-mel [bands][frames]: three bands of energy that move, then silence."""
    places = [rng.uniform(4, 14), rng.uniform(12, 24), rng.uniform(22, 36)]
    moves = [rng.uniform(-6, 6) for _ in places]
    length = rng.uniform(24, 44)
    mel = []
    for band in range(BANDS):
        row = []
        for frame in range(FRAMES):
            level = -0.8
            if frame < length:
                for place, move in zip(places, moves, strict=True):
                    centre = place + turn + move * frame / length
                    level += 1.6 * math.exp(-(((band - centre) / 2.5) ** 2))
                level -= 0.02 * band
            row.append(level + rng.gauss(0, 0.1))
        mel.append(row)
    return mel


def main() -> None:
    views: dict[str, list[list[list[float]]]] = {"view_a": [], "view_b": []}
    for clip in range(CLIPS):
        for turn, view in zip((0.0, 1.5), views.values(), strict=True):
            rng = random.Random(clip)  # the same utterance, said a little higher
            view.append(utterance(rng, turn))
    tensors = {name: torch.tensor(mels).float() for name, mels in views.items()}
    save_file(tensors, Path(__file__).with_name("objective.safetensors"))


if __name__ == "__main__":
    main()
