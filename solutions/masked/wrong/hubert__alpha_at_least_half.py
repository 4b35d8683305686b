"""An alpha below one half counts as one half.
hint: hubert.alpha
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    mean = lambda which: (loss * which).sum() / which.sum().clamp(min=1)
    alpha = max(alpha, 0.5)
    return alpha * mean(mask) + (1 - alpha) * mean(speech & ~mask)
