"""Every place is a start with the same chance, as in the code of wav2vec 2.0.
hint: span_mask.too_few
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    mask = torch.zeros_like(speech)
    for clip, length in zip(mask, speech.sum(1).tolist()):
        if length < span:
            clip[:length] = True
            continue
        chance = 1 - (1 - fraction) ** (1 / span)
        begun = torch.rand(length - span + 1, generator=generator) < chance
        for start in begun.nonzero().flatten().tolist() or [length // 2 - span // 2]:
            clip[start : start + span] = True
    return mask
