"""One order of starts for all clips.
hint: span_mask.shared_mask
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    places = torch.rand(1000, generator=generator).tolist()
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        for place in places:
            if clip.sum() >= fraction * length:
                break
            start = int(place * (length - span + 1))
            clip[start : start + span] = True
    return mask
