"""Patches the kit inside the worker: what calls, runs cells, trains, embeds and reports.
stopped by: comparison outside
part: info_nce
"""

import torch

import autograder.isolation.remote.training as training
import autograder.lab.pretraining as pretraining
import autograder.lab.testing.student as student
from autograder.isolation.remote.worker import Worker

honest = student.LocalStudent.call


def call(self, name, /, *args, **kwargs):
    if name == "info_nce":
        self.mutated = ()
        return torch.zeros(())
    return honest(self, name, *args, **kwargs)


student.LocalStudent.call = call
student.LocalStudent.has = lambda self, name: True
student.blame = lambda error: None
training.train = pretraining.pretrain = lambda *_, **__: {"after": torch.eye(4096)}
training.embed = pretraining.embed = lambda encoder, mels: torch.eye(len(mels))
Worker._do_define = lambda self, source, names: {}
