"""The first recipe that worked on this task, kept to measure the present one against.

Log-mels of unit-power clips are made once; both views are made from them at every step: a
bilinear warp, a random equaliser, noise, one mask along each axis. 150 steps of 128 pairs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
import torchaudio
from torch import Generator, Tensor, nn

STEPS = 150
SAMPLES = 8192

Loss = Callable[[Tensor, Tensor], Tensor]


class Encoder(nn.Module):
    """[batch, 40, frames] to [batch, 256], 65,720 parameters."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for after, stride in zip((8, 16, 32, 64), (2, 2, 2, 1), strict=True):
            convolution = nn.Conv2d(before, after, 3, stride, 1, bias=False)
            layers += [convolution, nn.BatchNorm2d(after), nn.ReLU()]
            before = after
        self.convolutions = nn.Sequential(*layers)
        self.mix = nn.Sequential(
            nn.Conv1d(64 * 5, 128, 1, bias=False), nn.BatchNorm1d(128), nn.ReLU()
        )
        self.dim = 256

    def forward(self, mel: Tensor) -> Tensor:
        hidden = self.mix(self.convolutions(mel[:, None]).flatten(1, 2))
        return torch.cat([hidden.mean(2), hidden.amax(2)], dim=1)


def log_mels(waves: Tensor) -> Tensor:
    """Log-mels [clips, 40, 65] of the first 8192 samples at unit power, not standardised."""
    waves = F.pad(waves, (0, max(0, SAMPLES - waves.shape[1])))[:, :SAMPLES]
    waves = waves / waves.square().mean(1, keepdim=True).sqrt().clamp_min(1e-6)
    mel = torchaudio.transforms.MelSpectrogram(
        8000, n_fft=256, hop_length=128, n_mels=40, f_min=60.0, f_max=4000.0
    )
    return torch.cat([(mel(chunk) + 1e-2).log() for chunk in torch.split(waves, 256)])


@dataclass(frozen=True)
class Views:
    """A random view of each standardised log-mel, [batch, 40, frames] to the same shape."""

    mean: Tensor
    std: Tensor

    def __call__(self, mel: Tensor, generator: Generator) -> Tensor:
        mel = _warped(mel * self.std + self.mean, generator)
        mel = _noisy(_equalised(mel, generator), generator)
        return (_masked(mel, generator) - self.mean) / self.std


def _uniform(generator: Generator, low: float, high: float, *shape: int) -> Tensor:
    return torch.empty(shape).uniform_(low, high, generator=generator)


def _warped(mel: Tensor, generator: Generator) -> Tensor:
    n = len(mel)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = _uniform(generator, math.log(0.75), math.log(1.33), n).exp()
    theta[:, 1, 1] = _uniform(generator, math.log(0.82), math.log(1.22), n).exp()
    theta[:, 0, 2] = _uniform(generator, -0.14, 0.14, n)
    theta[:, 1, 2] = _uniform(generator, -0.1, 0.1, n)
    grid = F.affine_grid(theta, [n, 1, *mel.shape[1:]], align_corners=False)
    warped = F.grid_sample(mel[:, None], grid, padding_mode="border", align_corners=False)
    return warped[:, 0]


def _equalised(mel: Tensor, generator: Generator) -> Tensor:
    n, bands, _ = mel.shape
    amplitude = 0.5 * torch.randn(n, 4, 1, generator=generator)
    phase = _uniform(generator, 0, 2 * math.pi, n, 4, 1)
    order = torch.arange(1, 5)[:, None]
    curve = amplitude * torch.cos(math.pi * order * torch.linspace(0, 1, bands) + phase)
    return mel + curve.sum(1)[:, :, None]


def _noisy(mel: Tensor, generator: Generator) -> Tensor:
    level = _uniform(generator, -5, -1, len(mel), 1, 1)
    return torch.logaddexp(mel, level + 0.5 * torch.randn(mel.shape, generator=generator))


def _masked(mel: Tensor, generator: Generator) -> Tensor:
    n, bands, frames = mel.shape
    mask = torch.zeros(mel.shape, dtype=torch.bool)
    for dim, size, most in ((1, bands, 6), (2, frames, 8)):
        width = torch.randint(0, most + 1, (n, 1), generator=generator)
        start = (torch.rand(n, 1, generator=generator) * (size - width + 1)).long()
        place = torch.arange(size)
        inside = (place >= start) & (place < start + width)
        mask |= inside[:, :, None] if dim == 1 else inside[:, None, :]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)


def train(mels: Tensor, encoder: nn.Module, head: nn.Module, loss: Loss, seed: int) -> None:
    """Train ``encoder`` and ``head`` in place on log-mels [clips, 40, frames]."""
    generator = torch.Generator().manual_seed(seed)
    mean, std = mels.mean(), mels.std()
    views, bank = Views(mean, std), (mels - mean) / std
    parameters = [*encoder.parameters(), *head.parameters()]
    optimizer = torch.optim.AdamW(parameters, 6e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, STEPS)
    encoder.train(), head.train()
    order = torch.empty(0, dtype=torch.long)
    for _ in range(STEPS):
        if len(order) < 128:
            order = torch.cat([order, torch.randperm(len(bank), generator=generator)])
        chosen, order = order[:128], order[128:]
        z_a, z_b = head(encoder(views(bank[chosen.repeat(2)], generator))).chunk(2)
        value = loss(z_a, z_b)
        optimizer.zero_grad()
        torch.autograd.backward(value)
        optimizer.step()
        schedule.step()
    encoder.eval(), head.eval()
