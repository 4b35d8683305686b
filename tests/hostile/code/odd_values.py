"""Answers each call with another odd value: complex, empty, without a dimension, of no device.
stopped by: comparison outside
part: info_nce
"""

import itertools

odd = itertools.cycle(
    [
        torch.zeros(3, dtype=torch.complex64),
        torch.zeros(0),
        torch.zeros((2, 0, 3)),
        torch.zeros((), dtype=torch.bool),
        torch.zeros(2, device="meta"),
        torch.full((), float("nan"), dtype=torch.float16),
        1e308 * 10,
        {"loss": 1.0},
        -(2**70),
    ]
)


def info_nce(z_a, z_b, temperature=0.2):
    return next(odd)
