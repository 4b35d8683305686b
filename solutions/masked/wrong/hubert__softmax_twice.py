"""Probabilities are passed as logits.
hint: hubert.softmax_twice
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    p = logits.softmax(-1)
    loss = F.cross_entropy(p.transpose(1, 2), labels, reduction="none")
    mean = lambda which: (loss * which).sum() / which.sum().clamp(min=1)
    return alpha * mean(mask) + (1 - alpha) * mean(speech & ~mask)
