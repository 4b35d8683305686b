"""One weight for every token."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    visible = speech & ~mask
    weight = alpha * mask / mask.sum().clamp(min=1) + (1 - alpha) * visible / visible.sum().clamp(min=1)
    loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
    return (weight.flatten().to(loss.dtype) * loss).sum()
