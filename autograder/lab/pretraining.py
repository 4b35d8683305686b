"""Contrastive pretraining of a student's encoder, from the first line to the last.

SimCLR (Chen et al. 2020) on spoken digits: two views of each clip, one encoder, one
projection head, one InfoNCE loss. A step is small enough that a run of a few CPU-seconds
tells a good encoder from a poor one.

Augmenting waveforms at every step would cost more than the encoder. So ``copies``
waveform-augmented copies of each clip are made once; a step draws two different copies of
a clip and augments their spectrograms afresh.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor, nn
from tqdm.auto import tqdm

from spoken_digits.features import cut_silence, log_mel

Loss = Callable[[Tensor, Tensor], Tensor]
Augment = Callable[[Tensor, Generator], Tensor]


@dataclass(frozen=True)
class Recipe:
    """Settings of a training run."""

    steps: int = 150
    pairs: int = 128
    copies: int = 2
    max_lr: float = 6e-3
    weight_decay: float = 1e-4


@dataclass(frozen=True)
class Pretrained:
    """A trained encoder and how it went."""

    encoder: nn.Module
    losses: list[float]
    recipe: Recipe
    seed: int


def pretrain(
    waves: Tensor,
    encoder: nn.Module,
    head: nn.Module,
    loss: Loss,
    augment_wave: Augment,
    augment_mel: Augment,
    *,
    recipe: Recipe = Recipe(),
    seed: int = 0,
    device: str | torch.device = "cpu",
    progress: bool = True,
) -> Pretrained:
    seed_everything(seed)
    generator = torch.Generator().manual_seed(seed)
    bank = make_bank(cut_silence(waves), augment_wave, recipe.copies, generator)
    clips = bank.shape[1]
    pairs = min(recipe.pairs, clips)
    parameters = [*encoder.parameters(), *head.parameters()]
    optimizer = torch.optim.AdamW(parameters, recipe.max_lr, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.max_lr, recipe.steps)
    losses = []
    encoder.train()
    head.train()
    order = torch.empty(0, dtype=torch.long)
    for _ in tqdm(range(recipe.steps), disable=not progress):
        if len(order) < pairs:
            order = torch.randperm(clips, generator=generator)
        chosen, order = order[:pairs], order[pairs:]
        first = torch.randint(recipe.copies, (pairs,), generator=generator)
        second = first + torch.randint(1, max(recipe.copies, 2), (pairs,), generator=generator)
        view_a = augment_mel(bank[first, chosen], generator)
        view_b = augment_mel(bank[second % recipe.copies, chosen], generator)
        z_a, z_b = head(encoder(torch.cat([view_a, view_b]))).chunk(2)
        value = loss(z_a, z_b)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        schedule.step()
        losses.append(value.item())
    return Pretrained(encoder, losses, recipe, seed)


def make_bank(waves: Tensor, augment_wave: Augment, copies: int, generator: Generator) -> Tensor:
    with torch.no_grad():
        return torch.stack(
            [
                torch.cat([log_mel(augment_wave(w.clone(), generator)) for w in waves.split(256)])
                for _ in range(copies)
            ]
        )


@torch.no_grad()
def embed(encoder: nn.Module, mels: Tensor, batch: int = 256) -> Tensor:
    encoder.eval()
    return torch.cat([encoder(m) for m in mels.split(batch)])


def seed_everything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
