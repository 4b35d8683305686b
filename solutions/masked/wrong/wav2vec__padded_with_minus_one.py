"""No repetition: what is missing is filled with -1.
hint: wav2vec.minus_one_elsewhere
"""


def sample_distractors(mask, count, generator=None):
    rows, first = [], 0
    for size in mask.sum(1).tolist():
        for own in range(size):
            others = torch.tensor([j for j in range(first, first + size) if j != first + own], dtype=torch.long)
            drawn = others[torch.randperm(len(others), generator=generator)][:count]
            rows.append(F.pad(drawn, (0, count - len(drawn)), value=-1))
        first += size
    return torch.stack(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
