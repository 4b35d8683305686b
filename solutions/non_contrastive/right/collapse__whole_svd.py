"""A whole singular value decomposition, of which only the values are used."""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    _, s, _ = torch.linalg.svd(z, full_matrices=False)
    share = s.div(s.sum())
    return share.special_entr().sum().exp() if hasattr(share, "special_entr") else torch.special.entr(share).sum().exp()
