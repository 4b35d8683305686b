"""A clip masked whole has at least one masked token.
hint: span_mask.silence
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[: max(length, 1)] = True
            continue
        while clip.sum() < fraction * length:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
