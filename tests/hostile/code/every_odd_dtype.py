"""Returns tensors of dtypes and layouts that little code has met.
stopped by: the wire, comparison outside
part: info_nce
"""

import itertools

import torch

odd = itertools.cycle(
    [
        lambda: torch.zeros((), dtype=torch.complex64, requires_grad=True),
        lambda: torch.zeros((), dtype=torch.uint16),
        lambda: torch.zeros(()).to(torch.float8_e5m2),
        lambda: torch.eye(3).to_sparse(),
        lambda: torch.eye(3).to_sparse_csr(),
        lambda: torch.zeros(3, device="meta"),
        lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
        lambda: torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)]),
        lambda: torch.zeros(*[1] * 60),
        lambda: torch.zeros(0, 3, 0),
        lambda: torch.full((), float("nan"), requires_grad=True),
    ]
)


def info_nce(z_a, z_b, temperature=0.2):
    return next(odd)()
