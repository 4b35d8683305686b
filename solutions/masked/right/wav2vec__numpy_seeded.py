"""NumPy's choice, seeded from the generator."""


def sample_distractors(mask, count, generator=None):
    rng = np.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
    out = np.full((int(mask.sum()), count), -1, dtype=np.int64)
    first = 0
    for size in mask.sum(1).tolist():
        for i in range(size if size > 1 else 0):
            others = np.delete(np.arange(size), i)
            out[first + i] = first + rng.choice(others, size=count)
        first += size
    return torch.from_numpy(out)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
