"""Starts are drawn over all of the speech, so the last spans run into silence.
hint: span_mask.outside_speech
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum() < fraction * length:
            start = torch.randint(length, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
