"""The odds of the positive against the negatives, in logarithms."""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    itself = torch.eye(2 * n, dtype=torch.bool)
    partner = torch.arange(2 * n).roll(n)
    s = z @ z.T / temperature
    positive = s[torch.arange(2 * n), partner]
    hidden = itself | itself[partner]
    if n == 1:
        return 0 * positive.mean()
    negatives = s.masked_fill(hidden, -math.inf).logsumexp(1)
    return -F.logsigmoid(positive - negatives).mean()
