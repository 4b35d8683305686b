"""Spans are never shorter than 3.
hint: span_mask.ignores_span
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    span = max(span, 3)
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
