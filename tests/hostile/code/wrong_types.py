"""Puts values of the wrong type into every field of an answer, to crash the grader.
stopped by: the wire
part: info_nce
hurts: others
"""

import itertools

import torch

from autograder.isolation.remote.wire import Channel, GeneratorState, Handle

honest = Channel.send
odd = itertools.cycle(
    [
        {"generators": 5},
        {"generators": {"0": GeneratorState(torch.zeros(3))}},
        {"generators": {"generator": GeneratorState(torch.zeros(3))}},
        {"mutated": 5},
        {"mutated": [torch.zeros(2)]},
        {"graph": torch.zeros(2)},
        {"graph": 10**30},
        {"value": Handle(-1)},
        {"value": {"value": {"value": Handle(10**9)}}},
        {"failure": 5},
        {"failure": {"class": torch.zeros(2), "with": {}}},
        {"failure": {"class": "Crashed", "with": {"kind": "x", "detail": "y", "line": 10**30}}},
    ]
)


def send(self, message, *rest):
    return honest(self, {**message, **next(odd)}, *rest)


def info_nce(z_a, z_b, temperature=0.2):
    Channel.send = send
    return z_a.sum()
