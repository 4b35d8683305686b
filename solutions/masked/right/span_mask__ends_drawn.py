"""The end of a span is drawn, not its start."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        while clip.sum().item() < fraction * length:
            end = int(torch.randint(span, length + 1, (1,), generator=generator))
            clip[end - span : end] = True
    return mask
