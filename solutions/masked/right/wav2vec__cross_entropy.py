"""Cosines of all candidates at once, then cross_entropy."""


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
    n = len(context)
    index = torch.cat([torch.arange(n)[:, None], distractors], 1)
    cosine = F.cosine_similarity(context.unsqueeze(1), targets[index], dim=-1)
    same = (targets[index] == targets.unsqueeze(1)).all(-1)
    same[:, 0] = False
    logits = (cosine / temperature).masked_fill(same | (index == -1), float("-inf"))
    return F.cross_entropy(logits, torch.zeros(n, dtype=torch.long))
