"""Log-mel spectrograms: what an encoder sees of a clip.

A clip is cut to its speech, brought to one loudness, and turned into 40 log-mel bands every
16 ms. None of it depends on other clips, nor on how far a clip was zero-padded.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from spoken_digits import store
from spoken_digits.corpus import Corpus

N_MELS = 40
N_FFT = 256
"""Samples of an analysis window: 32 ms at 8 kHz."""
HOP = 128
"""Samples between windows: 16 ms at 8 kHz."""
F_MIN, F_MAX = 60.0, 4000.0
"""Hz."""
FLOOR = 1e-2
"""Added to mel powers before the logarithm, so that silence has a value and no detail."""
MEAN, STD = -1.2, 4.0
"""Of the log-mels of spoken digits, rounded: constants, so that no clip depends on others."""
SAMPLES = 6016
"""Samples a clip is cut to, 0.75 s at 8 kHz or 48 frames: 99 % of FSDD's digits fit."""

_LOUDNESS_SECONDS = 0.4
_CHUNK = 256


def cut_silence(waves: Tensor, samples: int = SAMPLES, silence_db: float = 40.0) -> Tensor:
    """Move each clip's speech to the start of ``samples`` samples, zero after it.

    Speech lasts from the first to the last block of 128 samples whose power is within
    ``silence_db`` of the clip's loudest block. What does not fit into ``samples`` is lost.

    Args:
        waves: [clips, time].
        samples: length of the clips returned.
        silence_db: how far below the loudest block silence begins, dB.

    Returns:
        [clips, samples]. A silent clip stays silent.
    """
    blocks = F.pad(waves, (0, -waves.shape[1] % HOP)).view(len(waves), -1, HOP)
    power = blocks.square().mean(2)
    loud = (power > power.amax(1, keepdim=True) * 10 ** (-silence_db / 10)).byte()
    first = loud.argmax(1, keepdim=True) * HOP
    end = (loud.shape[1] - loud.flip(1).argmax(1, keepdim=True)) * HOP
    index = first + torch.arange(samples, device=waves.device)
    speech = waves.gather(1, index.clamp_max(waves.shape[1] - 1))
    return torch.where(index < end.clamp_max(waves.shape[1]), speech, 0.0)


def log_mel(waves: Tensor, sample_rate: int = 8000) -> Tensor:
    """Standardised log-mel spectrograms, ``(log(mel + 0.01) - MEAN) / STD``.

    Each clip is first scaled to the energy of 0.4 s at unit power: its level does not matter,
    and neither does zero padding. Mel powers are those of ``torchaudio``'s MelSpectrogram
    with 256-sample windows every 128 samples, and 40 bands from 60 to 4000 Hz.

    Args:
        waves: [clips, samples], any level.
        sample_rate: Hz, at least 8000.

    Returns:
        [clips, 40, samples // 128 + 1], of about zero mean and unit scale; differentiable.

    Raises:
        ValueError: ``waves`` has another shape.
    """
    if waves.ndim != 2:
        raise ValueError(f"waves must be [clips, samples], not {list(waves.shape)}.")
    power = waves.square().sum(1, keepdim=True) / (_LOUDNESS_SECONDS * sample_rate)
    transform = _mel_transform(sample_rate).to(waves.device, waves.dtype)
    mel: Tensor = transform(waves / power.sqrt().clamp_min(1e-8))
    return ((mel + FLOOR).log() - MEAN) / STD


def corpus_log_mel(corpus: Corpus) -> Tensor:
    """Log-mels of the speech of every clip of ``corpus``, computed once and cached on disk.

    The cache is kept by the corpus's digest, by which clips it holds, and by this module's text.

    Returns:
        [clips, 40, 48], ``log_mel(cut_silence(corpus.waves))``.
    """
    key = _key(corpus)
    if (cached := store.restore(key)) is not None and len(cached) == len(corpus):
        return torch.from_numpy(np.stack(cached)).view(len(cached), N_MELS, -1)
    chunks = torch.split(corpus.waves, _CHUNK)
    mels = torch.cat([log_mel(cut_silence(chunk), corpus.sample_rate) for chunk in chunks])
    store.save(key, list(mels.flatten(1).numpy()))
    return mels


def _key(corpus: Corpus) -> str:
    about = [corpus.name, corpus.digest, corpus.sample_rate, *corpus.waves.shape]
    named = hashlib.sha256(Path(__file__).read_bytes() + repr(about).encode())
    for column in (corpus.digits, corpus.speaker_ids, corpus.takes):
        named.update(column.numpy().tobytes())
    return f"log-mel-{named.hexdigest()[:32]}"


@cache
def _mel_transform(sample_rate: int) -> torch.nn.Module:
    from torchaudio.transforms import MelSpectrogram

    transform: torch.nn.Module = MelSpectrogram(
        sample_rate,
        N_FFT,
        hop_length=HOP,
        f_min=F_MIN,
        f_max=F_MAX,
        n_mels=N_MELS,
        pad_mode="constant",  # silence around the clip; a reflection would depend on padding
    )
    return transform
