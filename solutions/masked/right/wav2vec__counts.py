"""How often each target was drawn, as weights in one large matrix."""


def sample_distractors(mask, count, generator=None):
    clip = mask.nonzero()[:, 0]
    n = len(clip)
    allowed = (clip[:, None] == clip) & ~torch.eye(n, dtype=torch.bool)
    result = torch.full((n, count), -1)
    some = allowed.any(1)
    score = torch.rand(int(some.sum()), count, n, generator=generator)
    result[some] = score.masked_fill(~allowed[some][:, None], -1).argmax(2)
    return result


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    n = len(context)
    cosine = F.normalize(context, dim=1) @ F.normalize(targets, dim=1).T / temperature
    drawn = torch.zeros(n, n + 1, dtype=cosine.dtype)
    drawn.scatter_add_(1, distractors.where(distractors >= 0, n), torch.ones_like(distractors, dtype=cosine.dtype))
    weight = drawn[:, :n].masked_fill((targets[:, None] == targets).all(2), 0)
    weight = weight + torch.eye(n, dtype=cosine.dtype)
    below = torch.logsumexp(cosine + weight.log(), dim=1)
    return (below - cosine.diagonal()).mean()
