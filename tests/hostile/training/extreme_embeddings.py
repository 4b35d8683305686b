"""Answers the training run with embeddings and curves that overflow whatever looks at them.
stopped by: the wire, comparison outside
part: encoder
"""

import torch
from torch import nn

from autograder.isolation.remote import training

asked = []


def build(self, namespace, recipe, seed, device, sample):
    asked.append(seed)


def train(self, recipe):
    asked.append("trained")
    self._clips = {}
    return {
        "curves": {"loss": [10**400, float("nan"), "x", None, {"a": 1}] * 10_000, "\ud800": 3},
        "signals": {"\ud800" * 100: 10**400, "pairs": float("inf")},
        "cpu_seconds": float("-inf"),
    }


def embed(self):
    clips = sum(len(part) for part in self._clips.get("mels", ()))
    odd = [
        torch.full((clips, 8), 3.4e38) * torch.randn(clips, 8).sign(),
        torch.zeros(clips, 0),
        torch.cat([torch.full((1, 8), 3e38), torch.randn(max(clips - 1, 0), 8)]),
        torch.zeros(clips, 8, dtype=torch.complex64),
        torch.zeros(clips, 30_000),
    ]
    chosen = odd[asked[0] % 5] if "trained" in asked else odd[asked[0] % 2]
    return {"embeddings": {"": chosen}, "cpu_seconds": "long"}


training.TrainingRun.build = build
training.TrainingRun.train = train
training.TrainingRun.embed = embed


class Encoder(nn.Module):
    dim = 8

    def forward(self, mel):
        return mel.mean(2)


class ProjectionHead(nn.Module):
    pass
