"""Writes representation.safetensors, the same few utterances as waves and as spectrograms."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from oracle_encoder import HOP, spectrogram, utterance, wave
from safetensors.torch import save_file

CLIPS, SAMPLES = 4, 6016


def main() -> None:
    rng = random.Random(9)
    speech = [utterance(rng) for _ in range(CLIPS)]
    lengths = [SAMPLES, 5200, 4400, 3600]
    waves = [wave(s, SAMPLES, n, rng) for s, n in zip(speech, lengths, strict=True)]
    mels = [spectrogram(s, SAMPLES // HOP + 1, rng) for s in speech]
    tensors = {"wave": torch.tensor(waves).float(), "mel": torch.tensor(mels).float()}
    save_file(tensors, Path(__file__).with_name("representation.safetensors"))


if __name__ == "__main__":
    main()
