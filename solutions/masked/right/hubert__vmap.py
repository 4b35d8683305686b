"""One token's loss, mapped over the flattened batch; sides by an inner product."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    flat, names = logits.reshape(-1, logits.shape[-1]), labels.reshape(-1)
    each = torch.vmap(lambda x, y: torch.logsumexp(x, 0) - x.gather(0, y[None])[0])(flat, names)
    hidden, heard = (s.reshape(-1).to(each.dtype) for s in (mask, speech ^ mask))
    means = [torch.dot(each, s) / s.sum().clamp(min=1) for s in (hidden, heard)]
    return means[0] * alpha + means[1] * (1 - alpha)
