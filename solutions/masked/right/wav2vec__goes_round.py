"""A random number of steps forward, going round the clip."""


def sample_distractors(mask, count, generator=None):
    rows, first = [], 0
    for size in mask.sum(1).tolist():
        if size == 1:
            rows.append(torch.full((1, count), -1))
        elif size > 1:
            step = torch.randint(1, size, (size, count), generator=generator)
            rows.append(first + (torch.arange(size)[:, None] + step) % size)
        first += size
    return torch.cat(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
