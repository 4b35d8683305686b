"""Allocates by every way: tensors, shared maps, files in memory, pipes, message queues.
stopped by: limits, system call filter, Landlock
part: info_nce
"""

import mmap
import os

import torch

held, got = [], 0
for _ in range(64):
    try:
        held.append(torch.ones(64 << 20, dtype=torch.uint8))
        got += 64 << 20
    except (RuntimeError, MemoryError):
        break
for _ in range(64):
    try:
        held.append(mmap.mmap(-1, 64 << 20))
        held[-1].write(bytes(64 << 20))
        got += 64 << 20
    except (OSError, ValueError, MemoryError):
        break
hidden = []
for way in (lambda: os.memfd_create("x"), lambda: os.open("/dev/shm/x", os.O_CREAT | os.O_RDWR)):
    try:
        hidden.append(way())
    except OSError:
        continue
held.clear()


def info_nce(z_a, z_b, temperature=0.2):
    if got > 3 << 30 or hidden:
        raise SystemError("got" + f" through: {got} {hidden}")
    return z_a.sum()
