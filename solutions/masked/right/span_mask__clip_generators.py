"""Every clip gets a generator of its own, seeded from the one given."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    seeds = torch.randint(2**62, (len(speech),), generator=generator).tolist()
    rows = []
    for row, seed in zip(speech, seeds):
        own = torch.Generator().manual_seed(seed)
        length = int(row.sum())
        out = torch.zeros_like(row)
        if length < span:
            out = row.clone()
        while int(out.sum()) < fraction * length:
            start = int(torch.randint(0, length - span + 1, (), generator=own))
            out[start : start + span] = True
        rows.append(out)
    return torch.stack(rows)
