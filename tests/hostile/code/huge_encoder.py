"""Builds an encoder of a billion parameters, and one whose dim is a property that never returns.
stopped by: limits, deadlines
part: encoder
"""

from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.large = nn.Linear(40_000, 40_000)

    @property
    def dim(self):
        return 10**400


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.large = nn.Linear(40_000, 40_000)
