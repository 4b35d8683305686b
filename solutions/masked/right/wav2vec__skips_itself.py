"""A number among one fewer; from the own place on it is one more."""


def sample_distractors(mask, count, generator=None):
    sizes = mask.sum(1)
    out = torch.full((int(sizes.sum()), count), -1, dtype=torch.long)
    first = 0
    for size in sizes.tolist():
        if size > 1:
            own = torch.arange(size)[:, None]
            drawn = torch.randint(0, size - 1, (size, count), generator=generator)
            out[first : first + size] = first + drawn + (drawn >= own)
        first += size
    return out


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
