"""A start is a uniform number times the number of places, rounded down."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros(speech.shape, dtype=torch.bool)
    token = torch.arange(speech.shape[1])
    length = speech.sum(1, keepdim=True)
    mask = speech & (length < span)
    while True:
        short = mask.sum(1, keepdim=True) < fraction * length
        if not short.any():
            return mask
        place = torch.rand(len(speech), 1, generator=generator)
        start = (place * (length - span + 1)).floor()
        mask = mask | (short & (token >= start) & (token < start + span))
