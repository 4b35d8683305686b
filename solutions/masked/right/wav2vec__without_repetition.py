"""No distractor twice as far as there are enough others; then all over again."""


def sample_distractors(mask, count, generator=None):
    rows, first = [], 0
    for size in mask.sum(1).tolist():
        for own in range(first, first + size):
            others = torch.tensor([j for j in range(first, first + size) if j != own], dtype=torch.long)
            if not len(others):
                rows.append(torch.full((count,), -1))
                continue
            drawn = []
            while len(drawn) < count:
                drawn += others[torch.randperm(len(others), generator=generator)].tolist()
            rows.append(torch.tensor(drawn[:count]))
        first += size
    return torch.stack(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
