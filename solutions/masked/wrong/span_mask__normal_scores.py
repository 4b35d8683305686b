"""Lays spans by random scores, of which some are above what marks a start that does not fit.

hint: span_mask.outside_speech
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    batch, tokens = speech.shape
    length = speech.sum(1)
    place = torch.arange(tokens)
    score = torch.randn(batch, tokens, generator=generator)
    score[place > (length - span)[:, None]] = 2.0
    mask = speech & (length < span)[:, None]
    for clip in range(batch):
        for start in score[clip].argsort().tolist():
            if mask[clip].sum() >= fraction * length[clip]:
                break
            mask[clip, start : start + span] = True
    return mask
