"""Answers backward passes with gradients of other shapes, dtypes and numbers, or with too few.
stopped by: the wire, comparison outside
part: info_nce
"""

import itertools

import autograder.isolation.remote.worker as worker

lies = itertools.cycle(
    [
        lambda g: [torch.full_like(x, torch.nan) for x in g],
        lambda g: [x.double() for x in g],
        lambda g: [x[:1] for x in g],
        lambda g: g[:1],
        lambda g: [*g, *g],
        lambda g: [None for _ in g],
        lambda g: [torch.zeros_like(x).requires_grad_() for x in g],
        lambda g: [x + 0j for x in g],
        lambda g: "gradients",
        lambda g: [3 for _ in g],
    ]
)
worker.Worker._do_vjp = lambda self, graph, cotangents: {
    "value": next(lies)(list(self._graphs[graph][1]))
}


def info_nce(z_a, z_b, temperature=0.2):
    return (z_a * z_b).sum()
