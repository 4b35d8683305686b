"""One random start, and the others follow at equal steps, going round.
hint: span_mask.laid_together
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        places = length - span + 1
        start = torch.randint(places, (1,), generator=generator).item()
        while clip.sum() < fraction * length:
            clip[start : start + span] = True
            start = (start + 1) % places
    return mask
