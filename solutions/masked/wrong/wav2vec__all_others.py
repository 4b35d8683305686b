"""All masked tokens are candidates.
hint: wav2vec.distractors_ignored
"""


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
    logits = F.normalize(context, dim=1) @ F.normalize(targets, dim=1).T / temperature
    same = (targets[:, None] == targets).all(2)
    same.fill_diagonal_(False)
    return F.cross_entropy(logits.masked_fill(same, -math.inf), torch.arange(len(context)))
