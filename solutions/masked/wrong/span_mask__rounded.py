"""A random place is rounded to the next, so the ends get half.
hint: span_mask.starts
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            start = round(torch.rand(1, generator=generator).item() * (length - span))
            clip[start : start + span] = True
    return mask
