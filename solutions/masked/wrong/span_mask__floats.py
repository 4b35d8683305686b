"""A mask of zeros and ones.
hint: span_mask.dtype
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros(speech.shape)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = 1
        while clip.sum() < fraction * length:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = 1
    return mask
