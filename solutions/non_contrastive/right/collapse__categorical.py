"""torch's categorical distribution knows its entropy."""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    shares = torch.linalg.svdvals(z)
    return torch.distributions.Categorical(probs=shares / shares.sum()).entropy().exp()
