"""The logarithm of a softmax that is 0.
hint: hubert.overflow
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    p = logits.softmax(-1)
    loss = -(p.gather(-1, labels[..., None])[..., 0] + 1e-12).log()
    mean = lambda which: (loss * which).sum() / which.sum().clamp(min=1)
    return alpha * mean(mask) + (1 - alpha) * mean(speech & ~mask)
