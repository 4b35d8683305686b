"""Answers for a module with every type but the right one: gradients, weights, count, attributes.
stopped by: comparison outside
part: encoder
"""

import itertools

import torch
from torch import nn

from autograder.lab.testing.student import LocalModule

odd = itertools.cycle(
    [10**400, "x", [1], {"a": "b"}, {"a": nn.Linear(1, 1)}, torch.zeros(0), None, -1, True, 1 + 2j]
)
for name in ("gradients", "state_dict", "parameter_count", "attribute", "train", "eval"):
    setattr(LocalModule, name, lambda self, *_: next(odd))


class Encoder(nn.Module):
    dim = "\ud800"

    def forward(self, mel):
        return next(odd)


class ProjectionHead(nn.Module):
    def __init__(self, *_):
        super().__init__()

    def forward(self, x):
        return next(odd)
