"""Two views of every clip, as joint-embedding methods train on them.

Augmenting waveforms at every step would cost more than a small encoder does. So a bank of
augmented copies of every clip is made once, as log-mels; a step draws two different copies of
a clip from it and augments their log-mels afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Generator, Tensor

from autograder.lab.embedding import CHUNK
from autograder.support.sentences import say
from spoken_digits.features import cut_silence, log_mel

Augment = Callable[[Tensor, Generator], Tensor]
"""``augment(batch, generator)`` to a tensor of the same shape."""


def wave_bank(waves: Tensor, augment: Augment, copies: int, generator: Generator) -> Tensor:
    """Log-mels [copies, clips, 40, frames] of augmented copies of the speech in ``waves``.

    Args:
        waves: [clips, samples], at 8 kHz, at least two clips.
        augment: of [batch, samples]; called ``copies`` times for each clip.
        copies: how many.
        generator: passed to ``augment``.

    Raises:
        ValueError: fewer than two clips, or ``augment`` changed the shape it was given.
    """
    if waves.ndim != 2 or len(waves) < 2:
        raise ValueError(say("lab.waves", found=list(waves.shape)))

    def copy() -> Tensor:
        chunks = torch.split(cut_silence(waves), CHUNK)
        augmented = [_augmented(augment, chunk, generator) for chunk in chunks]
        return torch.cat([log_mel(chunk) for chunk in augmented])

    return torch.stack([copy() for _ in range(copies)])


def draw_views(
    bank: Tensor, augment: Augment, pairs: int, generator: Generator
) -> Iterator[Tensor]:
    """Batches without end, [2 * pairs, 40, frames]: a view of each clip, then a second of each.

    The two views are of different copies where the bank has several. Clips are drawn without
    replacement until fewer than a batch are left; a batch is never more than all clips.

    Args:
        bank: [copies, clips, 40, frames].
        augment: of [batch, 40, frames], standardised log-mels; called for every view.
        pairs: clips in a batch.
        generator: of the draws; passed to ``augment``.

    Raises:
        ValueError: ``augment`` changed the shape it was given.
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
                    _augmented(augment, bank[copy, chosen], generator)
                    for copy in (first, other % copies)
                ]
            )


def _augmented(augment: Augment, batch: Tensor, generator: Generator) -> Tensor:
    """``augment`` on ``batch``, which it may change; it must keep the shape."""
    with torch.no_grad():
        views = augment(batch.clone(), generator)
    if not isinstance(views, Tensor) or views.shape != batch.shape:
        found = list(views.shape) if isinstance(views, Tensor) else type(views).__name__
        name = getattr(augment, "__name__", "augment")
        told = {"name": name, "shape": list(batch.shape), "found": found}
        raise ValueError(say("lab.augmented", **told))
    return views.to(batch.dtype)
