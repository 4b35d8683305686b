"""The maximum of the negatives is subtracted, and a single pair has none.

hint: info_nce.batch_of_one
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = z @ z.T / temperature
    positive = torch.cat([sim.diagonal(n), sim.diagonal(-n)])
    negatives = sim[~torch.eye(n, dtype=torch.bool).repeat(2, 2)].view(2 * n, 2 * n - 2)
    peak = torch.maximum(negatives.max(dim=1).values, positive)
    total = torch.exp(negatives - peak[:, None]).sum(1) + torch.exp(positive - peak)
    return (peak + total.log() - positive).mean()
