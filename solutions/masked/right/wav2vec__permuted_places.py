"""Places of the others in a random order, repeated as often as needed; log_softmax of padded scores."""


def sample_distractors(mask, count, generator=None):
    rows, first = [], 0
    for n in mask.sum(1).tolist():
        for own in range(n):
            others = [first + i for i in range(n) if i != own]
            if not others:
                rows.append([-1] * count)
                continue
            row = []
            while len(row) < count:
                row += [others[i] for i in torch.randperm(n - 1, generator=generator)]
            rows.append(row[:count])
        first += n
    return torch.tensor(rows, dtype=torch.long).reshape(-1, count)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    own = F.cosine_similarity(context, targets, dim=1)
    drawn = targets[distractors.clamp(min=0)]
    scores = F.cosine_similarity(context.unsqueeze(1), drawn, dim=-1)
    valid = (distractors != -1) & (drawn != targets.unsqueeze(1)).any(-1)
    scores = torch.where(valid, scores, torch.full_like(scores, -torch.inf))
    together = torch.column_stack([own, scores]) / temperature
    return -together.log_softmax(1)[:, 0].mean()
