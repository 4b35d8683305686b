"""A softmax makes the shares.

hint: collapse.shares
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    p = torch.linalg.svdvals(z).softmax(0)
    return torch.special.entr(p).sum().exp()
