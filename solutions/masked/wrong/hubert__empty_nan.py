"""The mean of an empty side is nan.
hint: hubert.empty_side
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    seen = speech & ~mask
    masked = F.cross_entropy(logits[mask], labels[mask])
    visible = F.cross_entropy(logits[seen], labels[seen])
    return alpha * masked + (1 - alpha) * visible
