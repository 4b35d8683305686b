"""The training run, read from top to bottom: a denoising autoencoder, a few CPU-seconds in all.

The notebook and the grader both run this file. A spoiled log-mel goes through a narrow code, and
the squared distance to the clean one is the loss (Vincent et al. 2008, "Extracting and composing
robust features with denoising autoencoders").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from autograder.lab.embedding import apply

CELLS = 40 * 48
"""Of a log-mel: bands by frames."""
HIDDEN = 128


@dataclass
class Model:
    """The two halves of the network, and what the student wrote to train them with."""

    student: Any
    encoder: nn.Module
    decoder: nn.Module
    seed: int
    device: str


def build(student: Any, recipe: Mapping[str, Any], seed: int, device: str) -> Model:
    """The network as it is before training; random sources have been seeded."""
    encoder = nn.Sequential(
        nn.Flatten(), nn.Linear(CELLS, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, recipe["code"])
    )
    decoder = nn.Sequential(nn.Linear(recipe["code"], HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CELLS))
    return Model(student, encoder.to(device), decoder.to(device), seed, device)


def embed(model: Model, clips: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The codes [clips, code] of whole log-mels."""
    return {"": apply(model.encoder, clips["mels"])}


def train(
    model: Model,
    clips: Mapping[str, Tensor],
    recipe: Mapping[str, Any],
    progress: Callable[[int], Iterable[int]],
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Teach the network to give back the clean log-mel.

    Args:
        model: from :func:`build`; trained in place.
        clips: ``train_mels`` [clips, 40, 48], unlabelled.
        recipe: ``steps``; ``clips`` in a batch; ``code``, its width; ``lr``, of AdamW.
        progress: wraps the steps and shows a bar.

    Returns:
        Curves, one value per step, and signs of what was learned that need no label.
    """
    mels, device = clips["train_mels"], model.device
    generator = torch.Generator().manual_seed(model.seed)
    parameters = [*model.encoder.parameters(), *model.decoder.parameters()]
    optimizer = torch.optim.AdamW(parameters, recipe["lr"])
    losses: list[float] = []
    for _ in progress(recipe["steps"]):
        clean = mels[torch.randint(len(mels), (recipe["clips"],), generator=generator)]
        with torch.no_grad():
            spoiled = model.student.corrupt(clean.clone(), generator)
        repaired = model.decoder(model.encoder(spoiled.to(device)))
        loss = (repaired - clean.flatten(1).to(device)).square().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"loss": losses}, {"final_loss": sum(losses[-10:]) / len(losses[-10:])}
