"""A constant of 0.1.
hint: data2vec.large_constant
"""


def teacher_targets(layers, top=2):
    chosen = layers[-top:]
    normalised = []
    for x in chosen:
        mean, std = x.mean(dim=1, keepdim=True), x.std(dim=1, keepdim=True)
        normalised.append((x - mean) / (std + 0.1))
    return torch.stack(normalised).mean(dim=0)


def regression_loss(prediction, targets, mask, beta=1.0):
    d = (prediction - targets)[mask].abs()
    return torch.where(d <= beta, d**2 / (2 * beta), d - beta / 2).mean()
