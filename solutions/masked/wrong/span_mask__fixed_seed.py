"""A seed is set inside.
hint: span_mask.fixed_seed
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    generator = torch.Generator().manual_seed(1)
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
