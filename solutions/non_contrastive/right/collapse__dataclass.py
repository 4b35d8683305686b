"""A dataclass holds the shares; the entropy is a sum of logarithms of powers."""

from dataclasses import dataclass


@dataclass
class Shares:
    values: Tensor

    def entropy(self):
        p = self.values / self.values.sum()
        return -torch.where(p > 0, p * p.clamp(min=1e-38).log(), torch.zeros_like(p)).sum()


def feature_deviation(z):
    unit = z / z.square().sum(1, keepdim=True).sqrt()
    spread = torch.std_mean(unit, dim=0, correction=0)[0]
    return float(spread.sum()) / z.shape[1] ** 0.5


def effective_rank(z):
    return float(torch.exp(Shares(torch.linalg.svdvals(z.double())).entropy()))
