"""Spans lie anywhere in the clip, silence too.
hint: span_mask.outside_speech
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    tokens = speech.shape[1]
    for clip, length in zip(mask, speech.sum(1).tolist()):
        while clip[:length].sum() < fraction * length:
            start = torch.randint(tokens - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
