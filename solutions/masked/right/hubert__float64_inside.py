"""Computed in float64."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    p = logits.double().log_softmax(2)
    loss = -torch.take_along_dim(p, labels[:, :, None], 2)[:, :, 0]
    side = lambda w: (loss * w).sum() / w.sum().clamp(min=1)
    return (alpha * side(mask) + (1 - alpha) * side(speech & ~mask)).to(logits.dtype)
