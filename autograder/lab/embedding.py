"""From an encoder to a vector for every clip."""

from __future__ import annotations

import torch
from torch import Tensor, nn

CHUNK = 256
"""Clips that go through a network at a time."""

TEMPI = (1.0, 0.6, 0.8, 1.25, 1.6)
"""How a clip is heard when it is embedded, relative to its own tempo."""


def embed(encoder: nn.Module, mels: Tensor, tempi: tuple[float, ...] = TEMPI) -> Tensor:
    """Embeddings [clips, dim] of ``mels`` [clips, 40, frames] in eval mode, on the CPU.

    Every clip is heard as it is, slower and faster; its embedding is the mean, since new
    speakers differ in tempo (test-time augmentation, as the ten crops of Krizhevsky et al.
    2012). The encoder stays where it is and in the mode in which it was found.
    """
    return torch.stack([apply(encoder, at_tempo(mels, t)) for t in tempi]).mean(0)


def at_tempo(mels: Tensor, tempo: float) -> Tensor:
    """``mels`` [clips, bands, frames] played ``tempo`` times as fast.

    Frame ``t`` is what was at ``tempo * t``, between frames linear; beyond the last frame that
    one is held. The shape stays, so what is played slower loses its end.
    """
    if tempo == 1:
        return mels
    last = mels.shape[2] - 1
    place = (tempo * torch.arange(last + 1, device=mels.device)).clamp(max=last)
    left = place.long()
    right = (left + 1).clamp(max=last)
    return torch.lerp(mels[:, :, left], mels[:, :, right], (place - left).to(mels.dtype))


@torch.no_grad()
def apply(module: nn.Module, batch: Tensor, chunk: int = CHUNK) -> Tensor:
    """What ``module`` makes of ``batch`` in eval mode, a chunk at a time, on the CPU."""
    device = next((p.device for p in module.parameters()), torch.device("cpu"))
    training = module.training
    module.eval()
    try:
        return torch.cat([module(part.to(device)).cpu() for part in torch.split(batch, chunk)])
    finally:
        module.train(training)
