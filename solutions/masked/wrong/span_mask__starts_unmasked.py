"""A span only starts at a token that is not masked yet.
hint: span_mask.laid_together
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            places = (~clip[: length - span + 1]).nonzero().flatten()
            if not len(places):
                clip[length - span : length] = True
                clip[:span] = True
                continue
            start = places[torch.randint(len(places), (1,), generator=generator)].item()
            clip[start : start + span] = True
    return mask
