"""The sum over visible tokens is divided by those of the clip with most of them.

hint: hubert.value
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = -logits.log_softmax(-1).gather(2, labels[..., None]).squeeze(-1)
    visible = speech & ~mask
    hidden = (loss * mask).sum() / mask.sum().clamp(min=1)
    heard = (loss * visible).sum() / visible.sum(1).max().clamp(min=1)
    return alpha * hidden + (1 - alpha) * heard
