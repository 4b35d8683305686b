"""Cross-entropy with one-hot labels and logsumexp."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    right = (logits * F.one_hot(labels, logits.shape[-1])).sum(-1)
    loss = torch.logsumexp(logits, -1) - right
    masked, visible = mask.to(loss.dtype), (speech & ~mask).to(loss.dtype)
    a = (loss * masked).sum() / max(1, int(mask.sum()))
    b = (loss * visible).sum() / max(1, int(visible.sum()))
    return alpha * a + (1 - alpha) * b
