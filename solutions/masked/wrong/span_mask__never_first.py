"""Starts are counted from 1, where there are several.
hint: span_mask.never_first
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < min(fraction * length, max(span, length - 1)):
            first = min(1, length - span)
            start = torch.randint(first, length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
