"""What is left out is divided by zero and put right afterwards.
hint: wav2vec.gradient_not_finite
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
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2) / (~out)
    logits = torch.cat([own, torch.where(out, -1e9, others)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
