"""Searches all objects, frames and modules of its process for suites, answers and the secret.
stopped by: fresh worker
part: info_nce
"""

import gc
import inspect
import sys

import torch

wanted = ("value.loss", "mistake.", "SPEECHMARK" + "_SECRET", "def test_" + "value")
before = {id(o) for o in gc.get_objects() if isinstance(o, torch.Tensor)}
found = []


def look(value, where):
    if isinstance(value, str) and len(value) < 1_000_000 and any(w in value for w in wanted):
        found.append((where, value[:200]))
    elif isinstance(value, dict):
        for key in list(value):
            if isinstance(key, str) and any(w in key for w in wanted):
                found.append((where, key))


for info in inspect.stack():
    for name, value in list(info.frame.f_locals.items()) + list(info.frame.f_globals.items()):
        if name not in ("wanted", "found", "before", "look", "source"):
            look(value, name)
for name in list(sys.modules):
    if "hidden" in name or "oracle" in name or name in ("autograder.grading.suites", "autograder.grading.grader"):
        found.append(name)
for thing in gc.get_objects():
    if isinstance(thing, dict) and thing is not globals():
        look(thing, "gc")


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found[:5]}")
    return z_a.sum()
