"""Gives every clip one and the same embedding, which no picture can be made of.
stopped by: comparison outside
part: encoder
"""

import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 16
        self.layer = nn.Linear(40, 16)

    def forward(self, mel):
        return self.layer(torch.ones_like(mel).mean(2))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(in_dim, 64), nn.ReLU(), nn.Linear(64, out_dim))

    def forward(self, x):
        return self.layers(x)
