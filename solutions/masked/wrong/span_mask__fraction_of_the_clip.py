"""The fraction is of all tokens, silence too.
hint: span_mask.too_many
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < min(length, fraction * speech.shape[1]):
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
