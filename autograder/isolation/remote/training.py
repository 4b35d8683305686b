"""The training run, inside the wall: the student's own views, encoder, head and loss.

It sees unlabelled clips in an order that tells nothing, and hands out embeddings; labels,
speakers, probe and scores are on the other side.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor

from autograder.lab.pretraining import Recipe, embed, pretrain
from autograder.lab.testing.failures import Crashed, Missing
from autograder.lab.testing.seeding import seed_everything

MAX_DIM = 4096
"""Wider embeddings are projected at random to so many dimensions before they are handed out."""


def train(
    namespace: dict[str, Any], *, exchange: str, seed: int, recipe: dict[str, Any], device: str
) -> dict[str, Any]:
    """Pretrain the encoder that ``namespace`` defines.

    Args:
        namespace: the notebook's globals after its cells have run.
        exchange: safetensors file with ``waves`` [clips, samples], what is trained on, and
            ``mels`` [all clips, 40, frames], what is embedded.
        seed: seeds initialisation, views and batches.
        recipe: fields of :class:`autograder.lab.pretraining.Recipe`.
        device: "cpu" or "cuda".

    Returns:
        ``before`` and ``after`` [all clips, dim], the embeddings of the untrained and the
        trained encoder; ``losses``, one per step; ``diagnostics``, label-free signals;
        ``cpu_seconds`` of the training alone, ``embedding_seconds`` of both embeddings.

    Raises:
        Missing: a function that training needs is not written.
    """
    clips = safetensors.torch.load_file(Path(exchange))
    seed_everything(seed)
    encoder = _get(namespace, "Encoder")()
    head = _get(namespace, "ProjectionHead")(encoder.dim)
    mels = clips["mels"].to(device)
    encoder, head = encoder.to(device), head.to(device)
    clock = [time.process_time()]
    before = embed(encoder, mels)
    clock.append(time.process_time())
    trained = pretrain(
        clips["waves"],
        encoder,
        head,
        _get(namespace, "info_nce"),
        _get(namespace, "augment_wave"),
        _get(namespace, "augment_mel"),
        recipe=Recipe(**recipe),
        seed=seed,
        device=device,
        progress=False,
    )
    clock.append(time.process_time())
    after = embed(trained.encoder, mels)
    first, training, second = (
        end - start for start, end in pairwise([*clock, time.process_time()])
    )
    if after.shape != before.shape or after.ndim != 2:
        raise Crashed("ValueError", "embeddings change their shape")
    return {
        "before": _narrow(before),
        "after": _narrow(after),
        "losses": [float(value) for value in trained.losses],
        "diagnostics": trained.diagnostics(),
        "cpu_seconds": training,
        "embedding_seconds": first + second,
    }


def _narrow(embeddings: Tensor) -> Tensor:
    dim = embeddings.shape[1]
    if dim <= MAX_DIM:
        return embeddings.float()
    directions = torch.randn(dim, MAX_DIM, generator=torch.Generator().manual_seed(0))
    narrow: Tensor = embeddings.float() @ directions / dim**0.5
    return narrow


def _get(namespace: dict[str, Any], name: str) -> Callable[..., Any]:
    value = namespace.get(name)
    if not callable(value):
        raise Missing(name)
    function: Callable[..., Any] = value
    return function
