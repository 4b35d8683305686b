"""Takes a side of one token for an empty one.

hint: hubert.one_token
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
    visible = (speech & ~mask).flatten()
    total = 0 * logits.sum()
    for weight, side in ((alpha, mask.flatten()), (1 - alpha, visible)):
        if side.sum() > 1:
            total = total + weight * loss[side].mean()
    return total
