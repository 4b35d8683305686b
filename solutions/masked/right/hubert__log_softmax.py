"""log_softmax and gather."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    surprise = -logits.log_softmax(-1).gather(-1, labels.unsqueeze(-1)).squeeze(-1)
    loss = logits.new_zeros(())
    for weight, side in ((alpha, mask), (1 - alpha, speech & ~mask)):
        if side.any():
            loss = loss + weight * surprise[side].mean()
    return loss
