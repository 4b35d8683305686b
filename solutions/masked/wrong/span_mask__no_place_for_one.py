"""The number of places is one too small, and none where there is one.
hint: span_mask.one_place
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        places = length - span + (length > span + 1)
        while clip.sum() < fraction * length:
            start = torch.randint(places, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
