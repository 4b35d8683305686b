"""The mean of an empty side is made 0 before it is weighted."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")

    def mean(which):
        return loss[which].mean() if int(which.sum()) else torch.zeros((), dtype=loss.dtype)

    return alpha * mean(mask) + (1 - alpha) * mean(torch.logical_xor(speech, mask))
