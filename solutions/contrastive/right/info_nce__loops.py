"""The formula term by term in Python loops."""


def cosine(x, y):
    return (x * y).sum() / (x.norm() * y.norm())


def info_nce(z_a, z_b, temperature=0.2):
    views = list(z_a) + list(z_b)
    n = len(z_a)
    total = 0
    for i, anchor in enumerate(views):
        logits = []
        for j, other in enumerate(views):
            if j != i:
                logits.append(cosine(anchor, other) / temperature)
        partner = i + n if i < n else i - n
        positive = cosine(anchor, views[partner]) / temperature
        total = total + torch.logsumexp(torch.stack(logits), 0) - positive
    return total / len(views)
