"""One plus the sum of ratios, by its logarithm."""


def sample_distractors(mask, count, generator=None):
    rows, first = [], 0
    for size in mask.sum(dim=1).tolist():
        for own in range(first, first + size):
            others = torch.tensor([j for j in range(first, first + size) if j != own])
            if len(others):
                rows.append(others[torch.randint(len(others), (count,), generator=generator)])
            else:
                rows.append(torch.full((count,), -1))
        first += size
    return torch.stack(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c = context / context.norm(dim=1, keepdim=True)
    t = targets / targets.norm(dim=1, keepdim=True)
    valid = distractors != -1
    index = torch.where(valid, distractors, torch.zeros_like(distractors))
    valid = valid & (targets[index] != targets[:, None, :]).any(-1)
    own = torch.einsum("nd,nd->n", c, t)[:, None]
    gap = (torch.einsum("nd,nkd->nk", c, t[index]) - own) / temperature
    gap = torch.where(valid, gap, torch.full_like(gap, -math.inf))
    return torch.cat([torch.zeros_like(own), gap], 1).logsumexp(1).mean().view(1)
