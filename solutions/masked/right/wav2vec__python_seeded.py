"""random.choices, seeded from the generator."""


def sample_distractors(mask, count, generator=None):
    rng = random.Random(int(torch.randint(2**62, (1,), generator=generator)))
    clips = mask.nonzero()[:, 0].tolist()
    rows = []
    for i, clip in enumerate(clips):
        others = [j for j, other in enumerate(clips) if other == clip and j != i]
        rows.append(rng.choices(others, k=count) if others else [-1] * count)
    return torch.tensor(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    c, t = F.normalize(context, dim=1), F.normalize(targets, dim=1)
    own = (c * t).sum(1, keepdim=True)
    others = (c[:, None] * t[distractors]).sum(2)
    out = (distractors == -1) | (targets[distractors] == targets[:, None]).all(2)
    logits = torch.cat([own, others.masked_fill(out, -math.inf)], dim=1) / temperature
    return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
