"""The sign is forgotten.
hint: hubert.sign
calibrate: yes
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = logits.log_softmax(-1).gather(-1, labels[..., None])[..., 0]
    mean = lambda which: (loss * which).sum() / which.sum().clamp(min=1)
    return alpha * mean(mask) + (1 - alpha) * mean(speech & ~mask)
