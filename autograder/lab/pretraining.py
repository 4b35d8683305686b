"""Contrastive pretraining of a student's encoder, read from top to bottom.

SimCLR (Chen et al. 2020, arXiv:2002.05709) on spoken digits: two views of every clip, one
encoder, one projection head, one InfoNCE loss, a few CPU-seconds in all.

Augmenting waveforms at every step would cost more than the encoder does. So a bank of
``copies`` augmented copies of every clip is made once, as log-mels; a step draws two different
copies of a clip from it and augments their log-mels afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn
from tqdm.auto import tqdm

from autograder.lab import diagnostics
from autograder.lab.testing.seeding import seed_everything
from spoken_digits.features import cut_silence, log_mel

Loss = Callable[[Tensor, Tensor], Tensor]
"""``loss(z_a, z_b)``, embeddings [pairs, dim] of the two views, to a scalar."""

Augment = Callable[[Tensor, Generator], Tensor]
"""``augment(batch, generator)`` to a tensor of the same shape."""

_CHUNK = 256

_TEMPI = (1.0, 0.6, 0.8, 1.25, 1.6)
"""How a clip is heard when it is embedded, relative to its own tempo."""


@dataclass(frozen=True)
class Recipe:
    """Settings of a training run; the defaults are those that grading uses."""

    steps: int = 180
    pairs: int = 128
    """Clips in a batch; the loss sees twice as many views."""
    copies: int = 2
    """Waveform-augmented copies made of each clip."""
    max_lr: float = 6e-3
    """Peak of the one-cycle schedule (Smith and Topin 2018, arXiv:1708.07120)."""
    weight_decay: float = 1e-4


@dataclass(frozen=True, eq=False)
class Pretrained:
    """What a training run leaves behind."""

    encoder: nn.Module
    head: nn.Module
    losses: list[float]
    """One value per step."""
    views: Tensor
    """Embeddings [2 * pairs, dim] after training, on the CPU: a view of each clip, then another."""
    views_before: Tensor
    """Embeddings of the same views before training."""
    projections: Tensor
    """What the loss would see of these views, [2 * pairs, any]."""
    recipe: Recipe
    seed: int

    def diagnostics(self) -> dict[str, float]:
        """What :mod:`autograder.lab.diagnostics` sees in the views and the losses, by name."""
        pairs = len(self.views) // 2
        return {
            "negative_cosine": diagnostics.negative_cosine(self.projections[:pairs]),
            "retrieval_top1": diagnostics.retrieval_top1(*torch.split(self.views, pairs)),
            "retrieval_before": diagnostics.retrieval_top1(*torch.split(self.views_before, pairs)),
            "loss_ratio": diagnostics.loss_ratio(self.losses, pairs),
        }


def pretrain(
    waves: Tensor,
    encoder: nn.Module,
    head: nn.Module,
    loss: Loss,
    augment_wave: Augment,
    augment_mel: Augment,
    *,
    recipe: Recipe | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
    progress: bool = True,
) -> Pretrained:
    """Train ``encoder`` and ``head`` in place to tell apart the clips behind augmented views.

    The same arguments give bit-identical weights on the same machine with the same number of
    threads: every global random source is seeded, and views and batches are drawn from one
    generator. What the student's functions raise is passed on as it is.

    Args:
        waves: [clips, samples], unlabelled; 8 kHz, at least two clips.
        encoder: log-mels [batch, 40, frames] to embeddings [batch, dim].
        head: embeddings [batch, dim] to what the loss sees, [batch, any].
        loss: of the two views' projections.
        augment_wave: of [batch, samples]; called ``copies`` times for each clip.
        augment_mel: of [batch, 40, frames], standardised log-mels; called for every view.
        recipe: settings, those of grading if not given.
        seed: of the views, the batches, and the global random sources.
        device: where to train; the augmentations run on the CPU.
        progress: show a progress bar.

    Raises:
        ValueError: fewer than two clips, or an augmentation changed the shape it was given.
    """
    recipe = recipe or Recipe()
    seed_everything(seed)
    generator = torch.Generator().manual_seed(seed)
    bank = wave_bank(waves, augment_wave, recipe.copies, generator)
    batches = draw_views(bank, augment_mel, recipe.pairs, generator)
    encoder, head = encoder.to(device), head.to(device)
    with torch.no_grad():  # lazy layers must take their shapes before the optimizer sees them
        head.eval()(encoder.eval()(bank[0, :2].to(device)))
    aside = torch.Generator().manual_seed(seed + 1)
    shown = next(draw_views(bank, augment_mel, recipe.pairs, aside))
    before = _apply(encoder, shown)
    parameters = [*encoder.train().parameters(), *head.train().parameters()]
    optimizer = torch.optim.AdamW(
        parameters,
        recipe.max_lr,
        weight_decay=recipe.weight_decay,
        fused=not any(parameter.is_complex() for parameter in parameters),
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.max_lr, recipe.steps)
    losses: list[float] = []
    with tqdm(total=recipe.steps, desc="pretraining", unit="step", disable=not progress) as bar:
        for _ in range(recipe.steps):
            views = next(batches).to(device)
            z_a, z_b = head(encoder(views)).chunk(2)
            value = loss(z_a, z_b)
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(value)
            optimizer.step()
            schedule.step()
            losses.append(value.item())
            bar.set_postfix(loss=f"{losses[-1]:.2f}", refresh=False)
            bar.update()
    encoder.eval()
    head.eval()
    seen = _apply(encoder, shown)
    return Pretrained(encoder, head, losses, seen, before, _apply(head, seen), recipe, seed)


def wave_bank(waves: Tensor, augment_wave: Augment, copies: int, generator: Generator) -> Tensor:
    """Log-mels [copies, clips, 40, frames] of augmented copies of the speech in ``waves``."""
    if waves.ndim != 2 or len(waves) < 2:
        found = list(waves.shape)
        raise ValueError(f"waves must be [clips, samples] of at least two clips, not {found}.")

    def copy() -> Tensor:
        chunks = torch.split(cut_silence(waves), _CHUNK)
        augmented = [_augmented("augment_wave", augment_wave, c, generator) for c in chunks]
        return torch.cat([log_mel(chunk) for chunk in augmented])

    return torch.stack([copy() for _ in range(copies)])


def draw_views(
    bank: Tensor, augment_mel: Augment, pairs: int, generator: Generator
) -> Iterator[Tensor]:
    """Batches without end, [2 * pairs, 40, frames]: a view of each clip, then a second of each.

    The two views are of different copies where the bank has several. Clips are drawn without
    replacement until fewer than a batch are left; a batch is never more than all clips.
    """
    copies, clips = bank.shape[:2]
    pairs = min(pairs, clips)
    while True:
        for chosen in torch.split(torch.randperm(clips, generator=generator), pairs):
            if len(chosen) < pairs:
                break
            first = torch.randint(copies, (pairs,), generator=generator)
            other = first + torch.randint(1, max(copies, 2), (pairs,), generator=generator)
            yield torch.cat(
                [
                    _augmented("augment_mel", augment_mel, bank[copy, chosen], generator)
                    for copy in (first, other % copies)
                ]
            )


def embed(encoder: nn.Module, mels: Tensor, batch: int = _CHUNK) -> Tensor:
    """Embeddings [clips, dim] of ``mels`` [clips, 40, frames] in eval mode, on the CPU.

    Every clip is heard as it is, slower and faster; its embedding is the mean, since new
    speakers differ in tempo (test-time augmentation, as the ten crops of Krizhevsky et al.
    2012). The encoder stays where it is and in the mode in which it was found.
    """
    return torch.stack([_apply(encoder, at_tempo(mels, t), batch) for t in _TEMPI]).mean(0)


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
def _apply(module: nn.Module, batch: Tensor, chunk: int = _CHUNK) -> Tensor:
    """What ``module`` makes of ``batch`` in eval mode, a chunk at a time, on the CPU."""
    device = next((p.device for p in module.parameters()), torch.device("cpu"))
    training = module.training
    module.eval()
    try:
        return torch.cat([module(part.to(device)).cpu() for part in torch.split(batch, chunk)])
    finally:
        module.train(training)


def _augmented(name: str, augment: Augment, batch: Tensor, generator: Generator) -> Tensor:
    """``augment`` on ``batch``, which it may change; it must keep the shape."""
    with torch.no_grad():
        views = augment(batch.clone(), generator)
    if not isinstance(views, Tensor) or views.shape != batch.shape:
        found = list(views.shape) if isinstance(views, Tensor) else type(views).__name__
        raise ValueError(
            f"{name} must return the shape it is given, {[*batch.shape]}, not {found}."
        )
    return views.to(batch.dtype)
