"""Writes pretraining.safetensors, 24 speech-like log-mels: ``python make_pretraining.py``."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_context import log_mel
from safetensors.torch import save_file

CLIPS, FRAMES = 24, 48


def main() -> None:
    rng = random.Random(9)
    speech = torch.tensor([log_mel(FRAMES, rng.randint(40, FRAMES), rng) for _ in range(CLIPS)])
    save_file({"mel": speech.float()}, Path(__file__).with_name("pretraining.safetensors"))


if __name__ == "__main__":
    main()
