"""The training run, read from top to bottom: SimCLR on spoken digits, a few CPU-seconds in all.

The notebook and the grader both run this file. Two views of every clip, one encoder, one
projection head, one contrastive loss (Chen et al. 2020, arXiv:2002.05709).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from autograder.lab.diagnostics import negative_cosine, retrieval_top1
from autograder.lab.embedding import apply
from autograder.lab.testing.seeding import seed_everything
from autograder.lab.views import draw_views, wave_bank


@dataclass
class Model:
    """What is trained, and what the student wrote to train it with."""

    student: Any
    encoder: nn.Module
    head: nn.Module
    seed: int
    device: str
    views: Tensor | None = None
    """After training: embeddings [2 * pairs, dim] of a view of each clip, then of another."""


def build(student: Any, recipe: Mapping[str, Any], seed: int, device: str) -> Model:
    """Encoder and head as they are before training; random sources have been seeded."""
    encoder = student.Encoder()
    head = student.ProjectionHead(encoder.dim)
    return Model(student, encoder.to(device), head.to(device), seed, device)


def embed(model: Model, clips: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The encoder's output [clips, dim]; the head is left behind."""
    return {"": apply(model.encoder, clips["mels"])}


def train(
    model: Model,
    clips: Mapping[str, Tensor],
    recipe: Mapping[str, Any],
    progress: Callable[[int], Iterable[int]],
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Teach encoder and head to tell apart the clips behind augmented views.

    The same seed gives bit-identical weights on the same machine with the same number of
    threads. What the student's functions raise is passed on as it is.

    Args:
        model: from :func:`build`; trained in place.
        clips: ``train_waves`` [clips, samples], unlabelled.
        recipe: ``steps``; ``pairs``, clips in a batch, of which the loss sees twice as many
            views; ``copies``, waveform-augmented copies made of each clip; ``max_lr``, the peak
            of the one-cycle schedule (Smith and Topin 2018); ``weight_decay``.
        progress: wraps the steps and shows a bar.

    Returns:
        Curves, one value per step, and signs of what was learned that need no label.
    """
    encoder, head, student, device = model.encoder, model.head, model.student, model.device
    seed_everything(model.seed)
    generator = torch.Generator().manual_seed(model.seed)
    bank = wave_bank(clips["train_waves"], student.augment_wave, recipe["copies"], generator)
    batches = draw_views(bank, student.augment_mel, recipe["pairs"], generator)
    with torch.no_grad():  # lazy layers must take their shapes before the optimizer sees them
        head.eval()(encoder.eval()(bank[0, :2].to(device)))

    aside = torch.Generator().manual_seed(model.seed + 1)
    shown = next(draw_views(bank, student.augment_mel, recipe["pairs"], aside))
    before = apply(encoder, shown)

    parameters = [*encoder.train().parameters(), *head.train().parameters()]
    optimizer = torch.optim.AdamW(
        parameters,
        recipe["max_lr"],
        weight_decay=recipe["weight_decay"],
        fused=not any(parameter.is_complex() for parameter in parameters),
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe["max_lr"], recipe["steps"])
    losses: list[float] = []
    for _ in progress(recipe["steps"]):
        z_a, z_b = head(encoder(next(batches).to(device))).chunk(2)
        loss = student.info_nce(z_a, z_b)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    encoder.eval()
    head.eval()

    model.views = apply(encoder, shown)
    pairs = len(shown) // 2
    signals = {
        "negative_cosine": negative_cosine(apply(head, model.views)[:pairs]),
        "retrieval_top1": retrieval_top1(*torch.split(model.views, pairs)),
        "retrieval_before": retrieval_top1(*torch.split(before, pairs)),
        "loss_ratio": sum(losses[-10:]) / len(losses[-10:]) / chance_loss(recipe),
    }
    return {"loss": losses}, signals


def levels(recipe: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
    """A level of each curve to compare with, and what it means."""
    chance = chance_loss(recipe)
    return {"loss": (chance, f"all views look alike: ln(2·{recipe['pairs']} - 1) = {chance:.2f}")}


def chance_loss(recipe: Mapping[str, Any]) -> float:
    """The loss of N pairs whose views all look alike, ``ln(2N - 1)``."""
    return math.log(2 * recipe["pairs"] - 1)
