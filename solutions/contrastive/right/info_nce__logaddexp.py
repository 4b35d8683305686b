"""The log-sum-exp is built up one column at a time."""


def info_nce(z_a, z_b, temperature=0.2):
    norm_a = z_a / torch.linalg.norm(z_a, dim=1, keepdim=True)
    norm_b = z_b / torch.linalg.norm(z_b, dim=1, keepdim=True)
    n = len(z_a)
    losses = []
    for i in range(n):
        for own, other in ((norm_a, norm_b), (norm_b, norm_a)):
            positive = torch.dot(own[i], other[i]) / temperature
            total = positive
            for j in range(n):
                if j != i:
                    total = torch.logaddexp(total, torch.dot(own[i], own[j]) / temperature)
                    total = torch.logaddexp(total, torch.dot(own[i], other[j]) / temperature)
            losses.append(total - positive)
    return torch.stack(losses).mean()
