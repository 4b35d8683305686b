"""What is left out gets a logit of -1e9."""


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
    candidates = torch.stack([targets, *targets[distractors.T]], dim=1)
    logits = torch.cosine_similarity(context[:, None], candidates, dim=-1) / temperature
    out = torch.cat([torch.zeros(len(context), 1).bool(), (distractors < 0) | (targets[distractors] == targets[:, None]).all(-1)], 1)
    return F.cross_entropy(torch.where(out, torch.tensor(-1e9, dtype=logits.dtype), logits), torch.zeros(len(context)).long())
