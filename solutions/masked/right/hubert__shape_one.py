"""The one number has one axis."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = nn.CrossEntropyLoss(reduction="none")(logits.permute(0, 2, 1), labels)
    loss_m = loss[mask].sum() / (mask.sum() + (mask.sum() == 0))
    seen = speech & ~mask
    loss_u = loss[seen].sum() / (seen.sum() + (seen.sum() == 0))
    return (alpha * loss_m + (1 - alpha) * loss_u).reshape(1)
