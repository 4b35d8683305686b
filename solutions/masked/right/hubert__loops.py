"""Token by token."""


def hubert_loss(logits, labels, mask, speech, alpha=1.0):
    sides = {True: [], False: []}
    for b in range(len(logits)):
        for t in range(logits.shape[1]):
            if speech[b, t]:
                loss = torch.logsumexp(logits[b, t], 0) - logits[b, t, labels[b, t]]
                sides[bool(mask[b, t])].append(loss)
    zero = (logits * 0).sum()
    masked, visible = (sum(s, zero) / max(1, len(s)) for s in (sides[True], sides[False]))
    return alpha * masked + (1 - alpha) * visible
