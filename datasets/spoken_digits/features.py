"""Log-mel spectrograms: what encoders see of a clip.

A clip is cut to its speech, brought to one loudness, and turned into 40 log-mel bands
every 16 ms. None of it depends on other clips or on how far a clip was zero-padded.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

N_FFT = 256
HOP = 128
N_MELS = 40
F_MIN, F_MAX = 60.0, 4000.0
FLOOR = 1e-2
"""Added to mel powers before the logarithm: 20 to 60 dB below speech at the loudness used."""
MEAN, STD = -1.2, 4.0
"""Of the log-mels of spoken digits, rounded. Constants, so that no clip depends on others."""
SAMPLES = 6016
"""0.75 s at 8 kHz, 48 frames: holds 99 % of spoken digits once silence is cut."""
SILENCE_DB = 40.0
LOUDNESS_SECONDS = 0.4


class Clips(Protocol):
    """What of a corpus its features depend on."""

    waves: Tensor
    sample_rate: int
    digest: str


def cut_silence(waves: Tensor, samples: int = SAMPLES, silence_db: float = SILENCE_DB) -> Tensor:
    """Move each clip's speech to the front of a buffer of ``samples``, zero elsewhere.

    Speech lasts from the first to the last 16 ms (at 8 kHz) block whose power is within
    ``silence_db`` of the clip's loudest block; what exceeds ``samples`` is cut off.

    Args:
        waves: [clips, time].
        samples: length of the result.
        silence_db: how far below the loudest block silence begins, dB.

    Returns:
        [clips, samples]. A silent clip stays silent.
    """
    padded = F.pad(waves, (0, -waves.shape[1] % HOP + samples))
    power = padded.unflatten(1, (-1, HOP)).square().mean(2) if padded.shape[1] % HOP == 0 else None
    if power is None:
        padded = F.pad(padded, (0, -padded.shape[1] % HOP))
        power = padded.unflatten(1, (-1, HOP)).square().mean(2)
    loud = power > power.amax(1, keepdim=True) * 10 ** (-silence_db / 10)
    first = loud.to(torch.uint8).argmax(1, keepdim=True) * HOP
    end = (loud.shape[1] - loud.flip(1).to(torch.uint8).argmax(1, keepdim=True)) * HOP
    index = first + torch.arange(samples, device=waves.device)
    speech = padded.gather(1, index.clamp_max(padded.shape[1] - 1))
    return speech * (index < end)


def log_mel(waves: Tensor, sample_rate: int = 8000) -> Tensor:
    """Standardised log-mel spectrograms, ``(log(mel + 0.01) - MEAN) / STD``.

    Each clip is first scaled to the energy of 0.4 s at unit power, so level does not
    matter and zero padding does not either. Mel powers are those of
    ``torchaudio.transforms.MelSpectrogram`` with 256-point windows, a hop of 128 samples
    and 40 bands from 60 to 4000 Hz.

    Args:
        waves: [clips, samples], any level.
        sample_rate: Hz, at least 8000.

    Returns:
        [clips, 40, samples // 128 + 1], about zero mean and unit scale.
    """
    if waves.ndim != 2:
        raise ValueError(f"waves must be [clips, samples], not {list(waves.shape)}")
    energy = waves.square().sum(1, keepdim=True)
    scale = (energy / (LOUDNESS_SECONDS * sample_rate)).sqrt().clamp_min(1e-8)
    mel: Tensor = _mel(sample_rate).to(waves.device)(waves / scale)
    return ((mel + FLOOR).log() - MEAN) / STD


@cache
def _mel(sample_rate: int) -> nn.Module:
    from torchaudio.transforms import MelSpectrogram

    transform: nn.Module = MelSpectrogram(
        sample_rate, N_FFT, hop_length=HOP, f_min=F_MIN, f_max=F_MAX, n_mels=N_MELS,
        pad_mode="constant",
    )  # fmt: skip
    return transform
