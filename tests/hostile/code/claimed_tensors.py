"""Answers with claims of tensors larger than the answer, or larger than any memory.
stopped by: the wire
part: info_nce
hurts: others
"""

from autograder.isolation.remote.tensors import Writer

honest, calls = Writer.add, []


def add(self, tensor):
    kind, *_ = honest(self, tensor)
    calls.append(1)
    return [kind, 1 << 38 if len(calls) % 2 else 4]


Writer.add = add


def info_nce(z_a, z_b, temperature=0.2):
    return z_a.sum()
