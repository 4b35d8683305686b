"""log(1 + sum of exp(negative - positive)), as a softplus of a logsumexp."""


def info_nce(z_a, z_b, temperature=0.2):
    a, b = F.normalize(z_a, dim=1), F.normalize(z_b, dim=1)
    n = len(a)
    positive = (a * b).sum(1) / temperature
    off = ~torch.eye(n, dtype=torch.bool)
    losses = []
    for i in range(n):
        for x, own, other in ((a[i], a, b), (b[i], b, a)):
            others = torch.cat([own[off[i]], other[off[i]]])
            gap = others @ x / temperature - positive[i]
            losses.append(F.softplus(torch.logsumexp(gap, 0)) if n > 1 else 0 * positive[i])
    return sum(losses) / len(losses)
