"""The logits are detached.
hint: hubert.no_gradient
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.detach().transpose(1, 2), labels, reduction="none")
    mean = lambda which: (loss * which).sum() / which.sum().clamp(min=1)
    return alpha * mean(mask) + (1 - alpha) * mean(speech & ~mask)
