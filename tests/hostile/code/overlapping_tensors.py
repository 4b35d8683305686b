"""Answers with tensors that claim each other's bytes, or bytes beyond the end of the answer.
stopped by: the wire
part: info_nce
hurts: others
"""

import json

from autograder.isolation import tensors

honest, calls = tensors.dump, []


def dump(those):
    header, *rest = honest(those)
    calls.append(1)
    claims = json.loads(header[8:])
    for claim in claims.values():
        claim["data_offsets"] = [0, 1 << 40 if len(calls) % 2 else 4]
        claim["shape"] = [1 << 38 if len(calls) % 2 else 1]
    told = json.dumps(claims).encode()
    return [len(told).to_bytes(8, "little") + told, *rest]


tensors.dump = dump


def info_nce(z_a, z_b, temperature=0.2):
    return z_a.sum()
