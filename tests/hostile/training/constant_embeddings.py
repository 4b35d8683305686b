"""Gives every clip one and the same embedding, which no picture can be made of.
stopped by: comparison outside
part: encoder
over: reference
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
