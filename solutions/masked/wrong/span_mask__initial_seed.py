"""A new generator is made from the seed of the given one.
hint: span_mask.restarts_generator
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    if generator is not None:
        generator = torch.Generator().manual_seed(generator.initial_seed())
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
