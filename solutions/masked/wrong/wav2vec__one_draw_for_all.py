"""One draw of numbers serves all tokens of the batch.
hint: wav2vec.shared_draw
"""


def sample_distractors(mask, count, generator=None):
    rows, first = [], 0
    place = torch.rand(count, generator=generator)
    for size in mask.sum(1).tolist():
        for own in range(size):
            if size == 1:
                rows.append(torch.full((count,), -1))
                continue
            drawn = (place * (size - 1)).long()
            rows.append(first + drawn + (drawn >= own))
        first += size
    return torch.stack(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
