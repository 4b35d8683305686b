"""Means of clips are averaged.
hint: hubert.per_clip
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")

    def mean(which):
        return ((loss * which).sum(1) / which.sum(1).clamp(min=1)).mean()

    return alpha * mean(mask) + (1 - alpha) * mean(speech & ~mask)
