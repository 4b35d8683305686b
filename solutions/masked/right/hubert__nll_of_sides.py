"""nll_loss summed over each side's rows, divided by their number or by one."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    logp = torch.log_softmax(logits, -1)
    total = logits.new_zeros(())
    for weight, side in ((alpha, mask), (1 - alpha, speech.logical_and(~mask))):
        n = max(1, int(side.sum()))
        total = total + weight * F.nll_loss(logp[side], labels[side], reduction="sum") / n
    return total
