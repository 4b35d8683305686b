"""Starts that are laid are widened to spans by a maximum."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    batch, tokens = speech.shape
    mask = torch.zeros(batch, tokens, dtype=torch.bool)
    for b in range(batch):
        length = int(speech[b].sum())
        if length == 0:
            continue
        if length < span:
            mask[b, :length] = 1
            continue
        begun = torch.zeros(1, 1, length)
        covered = torch.zeros(length)
        while covered.mean() < fraction:
            begun[0, 0, torch.randint(length - span + 1, (1,), generator=generator)] = 1
            covered = F.max_pool1d(F.pad(begun, (span - 1, 0)), span, 1)[0, 0]
        mask[b, :length] = covered.bool()
    return mask
