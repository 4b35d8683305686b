"""Weights for the other tokens of the clip; those alone are filled in."""


def sample_distractors(mask, count, generator=None):
    clip = mask.nonzero()[:, 0]
    weight = (clip[:, None] == clip).float().fill_diagonal_(0)
    alone = weight.sum(1) == 0
    weight[alone] = 1
    drawn = torch.multinomial(weight, count, replacement=True, generator=generator)
    drawn[alone] = -1
    return drawn


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
