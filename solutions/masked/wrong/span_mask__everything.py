"""All of the speech is masked.
hint: span_mask.everything
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, row in zip(mask, speech):
        length = int(row.sum())
        clip[:length] = True
    return mask
