"""What is masked twice is counted twice.
hint: span_mask.too_few
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        count = 0
        while count < fraction * length:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            clip[start : start + span] = True
            count += span
    return mask
