"""Returns a view of one number as a tensor of a billion.
stopped by: limits, the wire
part: info_nce
"""

import torch


def info_nce(z_a, z_b, temperature=0.2):
    return torch.zeros(1).expand(10**9)
