"""nan is turned into 0 after the division; its gradient stays nan.
hint: hubert.empty_gradient
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    mean = lambda which: ((loss * which).sum() / which.sum()).nan_to_num(0.0)
    safe = lambda which: torch.where(which.any(), (loss * which).sum() / which.sum(), 0.0)
    return alpha * safe(mask) + (1 - alpha) * safe(speech & ~mask)
