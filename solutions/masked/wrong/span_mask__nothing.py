"""masked_fill returns a new tensor, which is thrown away.
hint: span_mask.nothing
calibrate: yes
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    token = torch.arange(speech.shape[1])
    for clip, length in zip(mask, speech.sum(1).tolist()):
        for _ in range(math.ceil(fraction * length / span)):
            start = torch.randint(max(1, length - span + 1), (1,), generator=generator).item()
            clip.masked_fill((token >= start) & (token < start + span), True)
    return mask
