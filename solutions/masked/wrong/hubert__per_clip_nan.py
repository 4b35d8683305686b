"""Means of clips, 0 / 0 where a clip has no token of a side.
hint: hubert.not_finite
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    mean = lambda which: ((loss * which).sum(1) / which.sum(1)).mean()
    return alpha * mean(mask) + (1 - alpha) * mean(speech & ~mask)
