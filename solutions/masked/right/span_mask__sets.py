"""Sets of hidden positions, filled while they are too small."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = speech.new_zeros(speech.shape)
    for row, heard in enumerate(speech.tolist()):
        n, hidden = sum(heard), set()
        if 0 < n < span:
            hidden = set(range(n))
        while n >= span and len(hidden) < fraction * n:
            start = int(torch.rand((), generator=generator, dtype=torch.float64) * (n - span + 1))
            hidden.update(range(start, start + span))
        mask[row, sorted(hidden)] = True
    return mask
