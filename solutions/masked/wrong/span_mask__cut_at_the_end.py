"""Spans that begin near the end of the speech are cut there.
hint: span_mask.cut
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            start = torch.randint(length, (1,), generator=generator).item()
            clip[start : min(start + span, length)] = True
    return mask
