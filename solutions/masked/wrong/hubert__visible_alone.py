"""The mask is taken the wrong way round, and alpha not used.
hint: hubert.visible_alone
calibrate: yes
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    visible = speech & ~mask

    def mean(which):
        return (loss * which).sum() / which.sum().clamp(min=1)

    return mean(visible)
