"""Token by token, in a list."""


def sample_distractors(mask, count, generator=None):
    rows, first = [], 0
    for size in mask.sum(dim=1).tolist():
        for own in range(first, first + size):
            others = torch.tensor([j for j in range(first, first + size) if j != own])
            if len(others):
                rows.append(others[torch.randint(len(others), (count,), generator=generator)])
            else:
                rows.append(torch.full((count,), -1))
        first += size
    return torch.stack(rows)


def wav2vec_loss(context, targets, distractors, temperature=0.1):
    losses = []
    for i, row in enumerate(distractors.tolist()):
        rivals = [j for j in row if j >= 0 and not torch.equal(targets[j], targets[i])]
        rows = torch.stack([targets[j] for j in [i, *rivals]])
        logits = F.cosine_similarity(context[i : i + 1], rows) / temperature
        losses.append(-logits.log_softmax(0)[0])
    return torch.stack(losses).mean()
