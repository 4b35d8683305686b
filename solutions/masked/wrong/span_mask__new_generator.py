"""Without a generator a new one is made, which always starts from the same seed.
hint: span_mask.default_generator
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    generator = torch.Generator() if generator is None else generator
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
