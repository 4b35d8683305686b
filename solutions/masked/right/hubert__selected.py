"""Tokens are selected by masks; an empty side is 0."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    def side(which):
        if not which.any():
            return logits.sum() * 0
        return F.cross_entropy(logits[which], labels[which])

    return alpha * side(mask) + (1 - alpha) * side(speech & ~mask)
