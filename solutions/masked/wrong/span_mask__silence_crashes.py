"""The share of a clip without speech is 0 / 0, and the loop goes on to draw.
hint: span_mask.silence
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, row in zip(mask, speech):
        length = int(row.sum())
        if 0 < length < span:
            clip[:length] = True
        while not clip.sum() / row.sum() >= fraction:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
    return mask
