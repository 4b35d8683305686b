"""RankMe as in its authors' code, with 1e-7 in every share."""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / torch.sum(torch.abs(s)) + 1e-7
    return torch.exp(-torch.sum(p * torch.log(p)))
