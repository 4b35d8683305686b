"""The second half of the batch gets the random numbers of the first, subtracted from one.

hint: span_mask.shared_mask
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    batch, tokens = speech.shape
    half = torch.rand((batch + 1) // 2, 4 * tokens, generator=generator)
    number = torch.cat([half, 1 - half])[:batch]
    mask = torch.zeros_like(speech)
    for clip, length, shares in zip(mask, speech.sum(1).tolist(), number.tolist()):
        if length < span:
            clip[:length] = True
            continue
        for share in (*shares, *range(tokens)):
            if clip.sum() >= fraction * length:
                break
            places = length - span + 1
            start = min(int(share * places), places - 1) if share < 1 else int(share) % places
            clip[start : start + span] = True
    return mask
