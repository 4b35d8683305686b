"""Alpha weighs the visible side.
hint: hubert.swapped
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    visible = speech & ~mask

    def mean(which):
        return (loss * which).sum() / which.sum().clamp(min=1)

    return (1 - alpha) * mean(mask) + alpha * mean(visible)
