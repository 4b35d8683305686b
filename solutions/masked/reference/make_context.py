"""Writes context.safetensors, six speech-like log-mels: ``python make_context.py``."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_context import log_mel
from safetensors.torch import save_file

CLIPS, FRAMES = 6, 256


def main() -> None:
    rng = random.Random(5)
    speech = torch.tensor([log_mel(FRAMES, FRAMES, rng) for _ in range(CLIPS)])
    save_file({"speech": speech.float()}, Path(__file__).with_name("context.safetensors"))


if __name__ == "__main__":
    main()
