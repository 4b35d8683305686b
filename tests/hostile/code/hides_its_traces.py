"""Changes its arguments in place and lets the worker report that it did not.
stopped by: nobody
part: add_noise
open: what a function does to the worker's copy of its arguments is the worker's word; SECURITY.md
"""

import torch

import autograder.lab.testing.student as student

honest = student.LocalStudent.call


def call(self, name, /, *args, **kwargs):
    result = honest(self, name, *args, **kwargs)
    self.mutated = ()
    return result


student.LocalStudent.call = call


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype, device=wave.device).reshape(-1, 1)
    power = wave.square().mean(dim=1, keepdim=True) * 10 ** (-snr / 10)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave.add_(noise * power.sqrt())
