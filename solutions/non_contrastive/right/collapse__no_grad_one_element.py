"""Under no_grad, and the result has an axis of length one."""


@torch.no_grad()
def feature_deviation(z):
    z = torch.nn.functional.normalize(z, p=2, dim=-1)
    return z.var(dim=0, unbiased=True).sqrt().mean(0, keepdim=True).squeeze() * z.size(-1) ** 0.5


@torch.no_grad()
def effective_rank(z):
    singular = torch.svd(z).S
    share = singular / singular.sum()
    entropy = torch.nansum(-share * share.log())
    return torch.exp(entropy)
