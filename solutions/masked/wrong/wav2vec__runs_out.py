"""No repetition, and fewer distractors where the clip has no more.
hint: wav2vec.count
"""


def sample_distractors(mask, count, generator=None):
    count = min(count, int(mask.sum(1).max()) - 1)
    clip = mask.nonzero()[:, 0]
    weight = (clip[:, None] == clip).float().fill_diagonal_(0)
    rows = []
    for w in weight:
        others = int((w > 0).sum())
        if not others:
            rows.append(torch.full((count,), -1))
        else:
            rows.append(torch.multinomial(w, count, replacement=others < count, generator=generator))
    return torch.stack(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
