"""The loss of every token is returned.
hint: hubert.not_a_number
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    visible = speech & ~mask

    def mean(which):
        return (loss * which).sum() / which.sum().clamp(min=1)

    return (alpha * mask + (1 - alpha) * visible) * loss
