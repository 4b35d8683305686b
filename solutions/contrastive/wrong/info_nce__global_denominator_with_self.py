"""One denominator for the whole matrix, the diagonal included.

hint: info_nce.global_denominator
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    n = len(z_a)
    e = torch.exp(z @ z.T / temperature)
    positive = torch.cat([e.diagonal(n), e.diagonal(-n)])
    return -torch.log(positive / e.sum()).mean()
