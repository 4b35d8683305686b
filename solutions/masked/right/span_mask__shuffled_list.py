"""Places in a shuffled list, taken one after the other."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    order = torch.rand(speech.shape, generator=generator).argsort(1).tolist()
    out = torch.zeros(speech.shape, dtype=torch.bool)
    for i, places in enumerate(order):
        length = int(speech[i].sum())
        places = [p for p in places if p + span <= length] or [0] * (length > 0)
        for p in places:
            if out[i].sum() < fraction * length or length < span:
                out[i, p : min(p + span, length)] = True
    return out
