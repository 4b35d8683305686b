"""Asks for more memory than there is, at every call.
stopped by: limits
part: info_nce
"""

import torch


def info_nce(z_a, z_b, temperature=0.2):
    grow = [torch.ones(1 << 28) for _ in range(100)]
    return grow[0].sum()
