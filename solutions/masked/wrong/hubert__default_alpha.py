"""The default is a half.
hint: hubert.default_alpha
"""


def hubert_loss(logits, labels, mask, speech, alpha=0.5):
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    visible = speech & ~mask

    def mean(which):
        return (loss * which).sum() / which.sum().clamp(min=1)

    return alpha * mean(mask) + (1 - alpha) * mean(visible)
