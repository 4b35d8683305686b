"""A side without tokens is left out, and the other gets its weight.
hint: hubert.empty_side
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    seen = speech & ~mask
    if not mask.any():
        alpha = 0.0
    elif not seen.any():
        alpha = 1.0
    loss = logits.sum() * 0
    if mask.any():
        loss = loss + alpha * F.cross_entropy(logits[mask], labels[mask])
    if seen.any():
        loss = loss + (1 - alpha) * F.cross_entropy(logits[seen], labels[seen])
    return loss
