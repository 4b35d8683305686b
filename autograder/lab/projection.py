"""Embeddings laid out in the plane, for a person to look at."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

CLIPS = 200
"""How many clips are drawn: enough to see clusters, and half a second to lay out."""

ALIKE = 1e-6
"""Directions that differ less in every coordinate are one; float32 tells them apart to 1e-7."""


def choose(clips: int, most: int = CLIPS, seed: int = 0) -> Tensor:
    """Which of ``clips`` clips are drawn: all, or ``most`` of them chosen by ``seed``, in order."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randperm(clips, generator=generator)[:most].sort().values


def tsne(embeddings: Tensor, seed: int = 0) -> NDArray[np.float32]:
    """t-SNE (van der Maaten and Hinton 2008) of directions, started from their PCA.

    Args:
        embeddings: [clips, dim], finite.
        seed: of what scikit-learn draws.

    Returns:
        [clips, 2]; zeros for fewer than four clips, or where all have one direction.
    """
    if len(embeddings) < 4 or embeddings.shape[1] < 2:
        return np.zeros((len(embeddings), 2), np.float32)
    from sklearn.manifold import TSNE

    x = embeddings.detach().cpu().double().numpy()
    x = (x / np.linalg.norm(x, axis=1, keepdims=True).clip(1e-300)).astype(np.float32)
    if np.ptp(x, axis=0).max() < ALIKE:
        # Their PCA has no extent to start from, and scikit-learn's t-SNE ends the whole process.
        return np.zeros((len(x), 2), np.float32)
    perplexity = min(30.0, (len(x) - 1) / 3)
    model = TSNE(2, perplexity=perplexity, init="pca", random_state=seed, max_iter=500)
    return np.asarray(model.fit_transform(x), np.float32)
