"""Distractors come from the whole batch.
hint: wav2vec.other_clip
"""


def sample_distractors(mask, count, generator=None):
    n = int(mask.sum())
    size = mask.sum(1)[mask.nonzero()[:, 0]]
    drawn = torch.randint(n - 1, (n, count), generator=generator)
    drawn += drawn >= torch.arange(n)[:, None]
    return torch.where(size[:, None] > 1, drawn, -1)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
