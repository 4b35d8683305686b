"""Signs of what a run learned that need no label.

Values of healthy and of broken runs are on record in the calibration of each assignment.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def negative_cosine(z: Tensor) -> float:
    """Mean cosine of two different clips' embeddings: near 1 when the encoder has collapsed.

    Args:
        z: [clips, dim], at least two clips.
    """
    n = len(z)
    # The sum over all pairs is the squared length of the sum; each clip with itself gives 1.
    total = F.normalize(z.double(), dim=1)
    together = total.sum(0).square().sum() - total.square().sum()
    return float(together / (n * (n - 1)))


def retrieval_top1(z_a: Tensor, z_b: Tensor) -> float:
    """How often a view's nearest neighbour, by cosine, among all other views is its partner.

    Args:
        z_a, z_b: [clips, dim], embeddings of two views of the same clips.

    Returns:
        0 to 1; ``1 / (2 * clips - 1)`` by chance.
    """
    z = F.normalize(torch.cat([z_a, z_b]).float(), dim=1)
    n = len(z_a)
    similarity = (z @ z.T).fill_diagonal_(-math.inf)
    partner = torch.arange(2 * n, device=z.device).roll(n)
    return float((similarity.argmax(1) == partner).double().mean())
