"""Plain Python, but for the singular values."""


def feature_deviation(z):
    rows = [[x / math.sqrt(sum(y * y for y in row)) for x in row] for row in z.tolist()]
    n, dim = len(rows), len(rows[0])
    total = 0.0
    for d in range(dim):
        mean = sum(row[d] for row in rows) / n
        total += math.sqrt(sum((row[d] - mean) ** 2 for row in rows) / n)
    return total / dim * math.sqrt(dim)


def effective_rank(z):
    singular = torch.linalg.svdvals(z).tolist()
    total, entropy = sum(singular), 0.0
    for s in singular:
        if s > 0:
            entropy -= s / total * math.log(s / total)
    return math.exp(entropy)
