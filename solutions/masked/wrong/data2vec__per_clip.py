"""Means of clips are averaged.
hint: data2vec.per_clip
"""


def teacher_targets(layers, top=2):
    total = 0
    for layer in layers[-top:]:
        mean = layer.mean(dim=1, keepdim=True)
        std = layer.std(dim=1, keepdim=True)
        total = total + (layer - mean) / (std + 1e-5)
    return total / top


def regression_loss(prediction, targets, mask, beta=1.0):
    loss = F.smooth_l1_loss(prediction, targets, reduction="none", beta=beta).mean(-1)
    some = mask.any(1)
    return ((loss * mask).sum(1)[some] / mask.sum(1)[some]).mean()
