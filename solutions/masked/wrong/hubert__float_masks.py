"""Masks and weights are float32, logits are not.
hint: hubert.dtype
"""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    weight = torch.zeros(mask.shape)
    for share, side in ((alpha, mask), (1 - alpha, speech & ~mask)):
        weight[side] = share / max(1, int(side.sum()))
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    return weight.flatten() @ loss.flatten()
