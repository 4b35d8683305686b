"""The second half of a clip's tokens looks as far back as the first half looks ahead.

hint: wav2vec.shared_draw
"""


def sample_distractors(mask, count, generator=None):
    rows, first = [], 0
    for n in mask.sum(1).tolist():
        if n == 1:
            rows.append(torch.full((1, count), -1))
        elif n > 1:
            half = torch.rand((n + 1) // 2, count, generator=generator)
            share = torch.cat([half, 1 - half])[:n].clamp(max=1 - 1e-6)
            step = 1 + (share * (n - 1)).long()
            rows.append(first + (torch.arange(n)[:, None] + step) % n)
        first += n
    return torch.cat(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    rows = torch.cat([targets[:, None], targets[distractors]], 1)
    logits = F.cosine_similarity(context[:, None], rows, dim=2) / temperature
    out = (distractors < 0) | (rows[:, 1:] == rows[:, :1]).all(2)
    logits = torch.cat([logits[:, :1], logits[:, 1:].masked_fill(out, -math.inf)], 1)
    return (logits.logsumexp(1) - logits[:, 0]).mean()
