"""The middle is preferred: the mean of two draws.
hint: span_mask.starts
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            start = torch.randint(length - span + 1, (2,), generator=generator).float().mean().floor().int().item()
            clip[start : start + span] = True
    return mask
