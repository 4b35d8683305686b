"""Starts of a clip are drawn without drawing one again."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for i, length in enumerate(speech.sum(1).tolist()):
        if length < span:
            mask[i, :length] = True
            continue
        for start in torch.randperm(length - span + 1, generator=generator).tolist():
            if mask[i].sum() >= fraction * length:
                break
            mask[i, start : start + span] = True
    return mask
