"""Writes encoder.safetensors, six speech-like spectrograms: ``python make_encoder.py``."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_encoder import spectrogram, utterance
from safetensors.torch import save_file

CLIPS, FRAMES = 6, 120


def main() -> None:
    rng = random.Random(5)
    speech = torch.tensor([spectrogram(utterance(rng), FRAMES, rng) for _ in range(CLIPS)])
    save_file({"speech": speech.float()}, Path(__file__).with_name("encoder.safetensors"))


if __name__ == "__main__":
    main()
