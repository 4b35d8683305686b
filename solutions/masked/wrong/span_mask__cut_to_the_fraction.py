"""The last span is cut so that exactly the fraction is masked.
hint: span_mask.scattered
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while (left := math.ceil(fraction * length) - int(clip.sum())) > 0:
            start = torch.randint(length - span + 1, (1,), generator=generator).item()
            new = [t for t in range(start, start + span) if not clip[t]]
            clip[new[:left]] = True
    return mask
