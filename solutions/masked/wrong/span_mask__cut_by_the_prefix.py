"""Spans over all tokens, cut to speech.
hint: span_mask.cut
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, row in zip(mask, speech):
        length = int(row.sum())
        if length < span:
            clip |= row
        while (clip & row).sum() < fraction * length:
            start = torch.randint(speech.shape[1], (1,), generator=generator).item()
            clip[start : start + span] = True
        clip &= row
    return mask
