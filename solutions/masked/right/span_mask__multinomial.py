"""Starts are drawn with multinomial, weights for where a span fits."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, out in zip(speech, mask):
        length = int(clip.sum())
        if length < span:
            out |= clip
            continue
        fits = clip.unfold(0, span, 1).all(1).float()
        while out.sum() < fraction * length:
            start = int(torch.multinomial(fits, 1, generator=generator))
            out[start : start + span] = True
    return mask
