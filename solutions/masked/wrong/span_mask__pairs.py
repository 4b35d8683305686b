"""Two neighbouring clips share their random numbers.
hint: span_mask.shared_mask
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    numbers = torch.rand(len(speech) // 2 + 1, 1000, generator=generator).tolist()
    for i, (clip, length) in enumerate(zip(mask, speech.sum(1).tolist())):
        if length < span:
            clip[:length] = True
            continue
        for place in numbers[i // 2]:
            if clip.sum() >= fraction * length:
                break
            start = int(place * (length - span + 1))
            clip[start : start + span] = True
    return mask
