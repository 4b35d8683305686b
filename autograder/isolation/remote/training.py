"""The training run, inside the wall: what ``training.py`` makes of the student's functions.

It sees unlabelled clips in an order that tells nothing, and hands out embeddings; labels,
speakers, probes and scores are on the other side. Clips come in two steps, those to train on
and, once questions have been answered, those to embed.
"""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import Tensor

from autograder.lab import training
from autograder.lab.testing.failures import Crashed

MAX_DIM = 4096
"""Wider embeddings are projected at random to so many dimensions before they are handed out."""

MAX_ENTRIES = 32


class TrainingRun:
    """One model from its beginning to its embeddings.

    Args:
        source: of ``training.py``; executed before any cell of the student's.
    """

    def __init__(self, source: str) -> None:
        self._file = training.TrainingFile.of(source)
        self._clips: dict[str, list[Tensor]] = {}
        self._model: Any = None

    def build(
        self,
        namespace: dict[str, Any],
        recipe: dict[str, Any],
        seed: int,
        device: str,
        sample: dict[str, Tensor],
    ) -> None:
        """Build the model that ``namespace`` defines.

        Raises:
            Missing: a function that it needs is not written.
        """
        student = training.Names(namespace)
        self._model = training.build(self._file, student, recipe, seed, device, sample)

    def hand(self, name: str, clips: Tensor) -> None:
        """Take some clips of the input ``name``, behind those that came already."""
        self._clips.setdefault(name, []).append(clips)

    def train(self, recipe: dict[str, Any]) -> dict[str, Any]:
        """Train; returns ``curves``, ``signals`` and ``cpu_seconds``."""
        start = time.process_time()
        curves, signals = self._file.train(self._model, self._taken(), recipe, training.whole)
        return {
            "curves": {name: [float(x) for x in curve] for name, curve in curves.items()},
            "signals": {name: float(value) for name, value in signals.items()},
            "cpu_seconds": time.process_time() - start,
        }

    def answer(self, questions: dict[str, Tensor]) -> dict[str, Any]:
        """What ``training.py`` answers to the grader's questions."""
        assert self._file.answer is not None
        return self._file.answer(self._model, questions)

    def embed(self) -> dict[str, Any]:
        """Embed what has come; returns ``embeddings`` and ``cpu_seconds``."""
        start = time.process_time()
        found = self._file.embed(self._model, self._taken())
        if not isinstance(found, dict) or len(found) > MAX_ENTRIES:
            raise Crashed("ValueError", "embed returns no dict of embeddings")
        narrow = {name: _narrow(value) for name, value in found.items()}
        return {"embeddings": narrow, "cpu_seconds": time.process_time() - start}

    def _taken(self) -> dict[str, Tensor]:
        """The clips that have come since the last question for them."""
        taken, self._clips = self._clips, {}
        return {name: torch.cat(clips) for name, clips in taken.items()}


def _narrow(embeddings: Tensor) -> Tensor:
    if not isinstance(embeddings, Tensor) or embeddings.ndim != 2:
        return embeddings
    dim = embeddings.shape[1]
    if dim <= MAX_DIM:
        return embeddings.float()
    directions = torch.randn(dim, MAX_DIM, generator=torch.Generator().manual_seed(0))
    narrow: Tensor = embeddings.float() @ directions / dim**0.5
    return narrow
