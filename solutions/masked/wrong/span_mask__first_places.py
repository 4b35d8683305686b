"""Spans are laid from the beginning on.
hint: span_mask.fixed_start
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        start = 0
        while clip.sum() < fraction * length:
            start = min(start, length - span)
            clip[start : start + span] = True
            start += span
    return mask
