"""The mean goes over clusters too.
hint: hubert.per_class
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = (-logits.log_softmax(-1) * F.one_hot(labels, logits.shape[-1])).mean(-1)
    mean = lambda which: (loss * which).sum() / which.sum().clamp(min=1)
    return alpha * mean(mask) + (1 - alpha) * mean(speech & ~mask)
