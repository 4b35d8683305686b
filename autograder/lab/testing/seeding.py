"""One seed for every global random source that student code may draw from."""

from __future__ import annotations

import random

import numpy as np
import torch


def seed_everything(seed: int) -> None:
    """Seed ``random``, NumPy, and torch on the CPU and on every GPU that is in use."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    # torch.manual_seed also notes the call, with its stack, for GPUs that are never used: 0.2 ms.
    torch.default_generator.manual_seed(seed)
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.manual_seed_all(seed)
