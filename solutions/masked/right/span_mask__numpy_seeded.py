"""Starts from NumPy, seeded from the generator."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    rng = np.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
    mask = np.zeros(speech.shape, dtype=bool)
    for clip, row in zip(mask, speech.numpy()):
        length = int(row.sum())
        if length < span:
            clip[:length] = True
        while clip.sum() < fraction * length:
            start = rng.integers(0, length - span + 1)
            clip[start : start + span] = True
    return torch.from_numpy(mask)
