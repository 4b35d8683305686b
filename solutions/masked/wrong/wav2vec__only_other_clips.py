"""Distractors come from other clips only.
hint: wav2vec.other_clip
"""


def sample_distractors(mask, count, generator=None):
    clip = mask.nonzero()[:, 0]
    size = mask.sum(1)[clip]
    weight = (clip[:, None] != clip).float()
    weight[weight.sum(1) == 0] = 1
    drawn = torch.multinomial(weight, count, replacement=True, generator=generator)
    return torch.where(size[:, None] > 1, drawn, -1)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
