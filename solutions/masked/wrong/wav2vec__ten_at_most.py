"""No more than ten distractors are drawn, whatever is asked for.

hint: wav2vec.count
"""


def sample_distractors(mask, count, generator=None):
    count, rows = min(count, 10), []
    place = mask.cumsum(1) - 1
    first = 0
    for clip, n in enumerate(mask.sum(1).tolist()):
        for own in range(n):
            draw = torch.randint(max(1, n - 1), (count,), generator=generator)
            draw = first + draw + (draw >= own)
            rows.append(draw if n > 1 else torch.full((count,), -1))
        first += n
    return torch.stack(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    cosine = c @ t.T / temperature
    same = (targets[:, None] == targets).all(2).gather(1, distractors.clamp(min=0))
    others = cosine.gather(1, distractors.clamp(min=0))
    others = others.masked_fill(same | (distractors == -1), -torch.inf)
    own = cosine.diagonal()[:, None]
    return -(own - torch.cat([own, others], 1).logsumexp(1, keepdim=True)).mean()
