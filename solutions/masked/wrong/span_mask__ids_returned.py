"""Lists of masked positions are returned.
hint: span_mask.not_a_tensor
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    rows = []
    for length in speech.sum(1).tolist():
        hidden = set(range(length)) if length < span else set()
        while len(hidden) < fraction * length:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            hidden.update(range(start, start + span))
        rows.append(sorted(hidden))
    return rows
