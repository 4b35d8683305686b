"""Answers with tensors of no elements and of dimensions whose product no computer holds.
stopped by: the wire
part: info_nce
hurts: others
"""

import itertools

from autograder.isolation.remote.tensors import Writer

shapes = itertools.cycle(
    [[0, *[(1 << 40) - 1] * 5], [1] * 64, [0] * 64, [1] * 65, [-1, -1], [True], [1.0], [[1]], []]
)


def add(self, tensor):
    return ["F32", *next(shapes)]


def info_nce(z_a, z_b, temperature=0.2):
    Writer.add = add
    return z_a.sum()
