"""The last place is never drawn where there are several.
hint: span_mask.never_last
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < min(fraction * length, max(span, length - 1)):
            start = torch.randint(max(1, length - span), (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
