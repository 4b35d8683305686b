"""Labels and mask are remembered for each size of batch."""

from functools import lru_cache


@lru_cache
def places(n):
    return torch.eye(2 * n, dtype=torch.bool), torch.cat([torch.arange(n, 2 * n), torch.arange(n)])


def info_nce(z_a, z_b, temperature=0.2):
    itself, partner = places(len(z_a))
    z = torch.cat([z_a, z_b])
    z = z * z.square().sum(1, keepdim=True).rsqrt()
    scores = torch.mm(z, z.mT).div(temperature).masked_fill(itself, float("-inf"))
    return nn.CrossEntropyLoss()(scores, partner)
