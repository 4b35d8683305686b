"""Starts from Python's random, seeded from the generator."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    rng = random.Random(int(torch.randint(2**62, (1,), generator=generator)))
    rows = []
    for row in speech.tolist():
        length = sum(row)
        hidden = set(range(length)) if 0 < length < span else set()
        while len(hidden) < fraction * length:
            start = rng.randint(0, length - span)
            hidden.update(range(start, start + span))
        rows.append([i in hidden for i in range(len(row))])
    return torch.tensor(rows, dtype=torch.bool).reshape(speech.shape)
