"""exp of the logits, and the logarithm of a ratio.
hint: hubert.overflow
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    p = logits.exp() / logits.exp().sum(-1, keepdim=True)
    loss = -p.gather(-1, labels[..., None])[..., 0].log()
    mean = lambda which: loss[which].sum() / which.sum().clamp(min=1)
    return alpha * mean(mask) + (1 - alpha) * mean(speech & ~mask)
