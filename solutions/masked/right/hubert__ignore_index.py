"""Each side by cross_entropy with an ignored index; a sum and a count."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    total = 0 * logits.sum()
    for weight, side in ((alpha, mask), (1.0 - alpha, speech.logical_and(mask.logical_not()))):
        given = labels.masked_fill(~side, -100)
        summed = F.cross_entropy(logits.transpose(1, 2), given, ignore_index=-100, reduction="sum")
        total = total + weight * summed / side.sum().clamp_min(1)
    return total
