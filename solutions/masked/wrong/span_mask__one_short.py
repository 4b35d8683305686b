"""Spans are one token short.
hint: span_mask.scattered
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        for _ in range(200):
            if clip.sum() >= fraction * length:
                break
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span - 1] = True
    return mask
