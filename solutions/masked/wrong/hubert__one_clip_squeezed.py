"""A squeeze drops the axis of a batch of one clip.

hint: hubert.any_size
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    logits, labels, mask, speech = (x.squeeze(0) for x in (logits, labels, mask, speech))
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    visible = speech & ~mask
    sides = [(loss * side).sum() / side.sum().clamp(min=1) for side in (mask, visible)]
    return alpha * sides[0] + (1 - alpha) * sides[1]
