"""Starts are drawn only where nothing is masked yet, while there are such places.
hint: span_mask.no_overlap
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            places = [s for s in range(length - span + 1) if not clip[s : s + span].any()]
            places = places or [s for s in range(length - span + 1) if not clip[s : s + span].all()]
            start = places[torch.randint(len(places), (1,), generator=generator).item()]
            clip[start : start + span] = True
    return mask
