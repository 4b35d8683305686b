"""Answers the training run with embeddings and losses that overflow whatever looks at them.
stopped by: the wire, comparison outside
part: encoder
"""

import torch
from safetensors.torch import load_file
from torch import nn

from autograder.isolation.remote import training

calls = []


def train(namespace, *, exchange, seed, **job):
    clips = len(load_file(exchange)["mels"])
    odd = [
        torch.full((clips, 8), 3.4e38) * torch.randn(clips, 8).sign(),
        torch.zeros(clips, 0),
        torch.cat([torch.full((1, 8), 3e38), torch.randn(clips - 1, 8)]),
        torch.zeros(clips, 8, dtype=torch.complex64),
        torch.zeros(clips, 30_000),
    ]
    return {
        "before": odd[seed % 2],
        "after": odd[seed % 5],
        "losses": [10**400, float("nan"), "x", None, {"a": 1}] * 10_000,
        "diagnostics": {"\ud800" * 100: 10**400, "pairs": float("inf")},
        "cpu_seconds": float("-inf"),
    }


training.train = train


class Encoder(nn.Module):
    dim = 8

    def forward(self, mel):
        return mel.mean(2)


class ProjectionHead(nn.Module):
    pass
