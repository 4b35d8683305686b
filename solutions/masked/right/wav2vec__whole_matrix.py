"""All cosines as a matrix, distractors gathered from it."""


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
    cosine = F.normalize(context, dim=-1) @ F.normalize(targets, dim=-1).T / temperature
    own = cosine.diagonal()
    equal = (targets[:, None] == targets).all(-1)
    safe = distractors.clamp(min=0)
    out = (distractors < 0) | equal.gather(1, safe)
    others = cosine.gather(1, safe).masked_fill(out, -torch.inf)
    return -(own - torch.logaddexp(own, torch.logsumexp(F.pad(others, (0, 1), value=-1e9), 1))).mean()
