"""The temperature of the first call is kept with the mask.

hint: info_nce.remembers
"""

CACHE = {}


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    if n not in CACHE:
        CACHE[n] = torch.eye(2 * n) * 1e9, temperature
    mask, kept = CACHE[n]
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = z @ z.T / kept - mask.to(z)
    return F.cross_entropy(sim, torch.arange(2 * n).roll(n))
