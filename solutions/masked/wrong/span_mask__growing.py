"""The first span grows to the right and then to the left.
hint: span_mask.laid_together
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        start = torch.randint(length - span + 1, (1,), generator=generator).item()
        first = end = start
        end += span
        clip[first:end] = True
        while clip.sum() < fraction * length:
            if end < length:
                end += 1
            else:
                first -= 1
            clip[first:end] = True
    return mask
