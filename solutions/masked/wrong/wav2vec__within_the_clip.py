"""Positions among the masked tokens of the clip.
hint: wav2vec.not_in_the_list
"""


def sample_distractors(mask, count, generator=None):
    rows, first = [], 0
    for size in mask.sum(1).tolist():
        for own in range(size):
            others = [j for j in range(size) if j != own]
            if others:
                drawn = torch.randint(len(others), (count,), generator=generator).tolist()
                rows.append([others[d] for d in drawn])
            else:
                rows.append([-1] * count)
        first += size
    return torch.tensor(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
